# Seed 003, how to use the examples: as a template.
# Create new session file based on example
date=$(date +%Y-%m-%d)
cp example-session.tmp /path/to/.claude/sessions/$date-your-feature.tmp
# Then edit the file with your project details
