# Seed 004, strategy 2: the context page after a git operation.
# hooks/update-context.sh
#!/bin/bash

CONTEXT_FILE=".claude/context.md"

update_context() {
    # Update git status
    sed -i '' "s/^Branch: .*/Branch: $(git branch --show-current)/" "$CONTEXT_FILE"

    # Update timestamp
    echo "Last updated: $(date)" >> "$CONTEXT_FILE"
}

# Run on git operations
update_context
