# Seed 000, setting up, option 2: a script for new, list and view.
#!/bin/bash
# Usage: ./commands/session-state.sh new "feature-auth"
# Usage: ./commands/session-state.sh list
# Usage: ./commands/session-state.sh view "feature-auth"

ACTION=$1
DESCRIPTION=$2
SESSION_DIR=".claude/sessions"

case $ACTION in
  new)
    DATE=$(date +%Y-%m-%d)
    FILE="$SESSION_DIR/$DATE-$DESCRIPTION.tmp"
    cat > "$FILE" << 'EOF'
# Session State: {DESCRIPTION}
**Created**: $(date +%Y-%m-%d)
**Status**: in_progress

## Context Summary
[Add your context here]

## What We Know
-

## What We've Tried (Successful)
1. **Approach**:
   - **Result**:

## What We've Tried (Failed)
1. **Approach**:
   - **Problem**:

## What We Haven't Tried Yet
- [ ]

## Next Steps
1. **Immediate** (next session):
   - [ ]

## Key Files Involved
-

## Known Issues
- [ ]

## Useful Commands
EOF
    echo "Created session file: $FILE"
    ;;

  list)
    echo "Session files:"
    ls -lh "$SESSION_DIR"/*.tmp 2>/dev/null || echo "No session files found"
    ;;

  view)
    FILE="$SESSION_DIR/$DESCRIPTION.tmp"
    if [ -f "$FILE" ]; then
      cat "$FILE"
    else
      echo "Session file not found: $FILE"
    fi
    ;;

  *)
    echo "Usage: session-state.sh [new|list|view] [description]"
    ;;
esac
