# Seed 000, workflow step 1: a new document when work begins.
# Create new session file
date=$(date +%Y-%m-%d)
feature="feature-name"
cat > ".claude/sessions/$date-$feature.tmp" << 'EOF'
# Session State: Feature Name
**Created**: $date
**Status**: in_progress

## Context Summary
[Add context]

## What We Know
-

## Next Steps
-
EOF
