# Seed 004, context injection: what a session starts with.
# hooks/session-start.sh
#!/bin/bash

echo "Loading project context..."

# Inject README
echo "=== Project README ==="
cat README.md

# Inject current context
echo "=== Current Work Context ==="
cat .claude/context.md

# Inject recent changes
echo "=== Recent Changes ==="
git log --oneline -10

# Inject current branch status
echo "=== Branch Status ==="
git status

# Inject relevant documentation
echo "=== Architecture Docs ==="
cat docs/ARCHITECTURE.md
