# Seed 000, setting up, option 1: a new document from CLAUDE.md.
# Create or update session state
echo "# Session State: [Feature Name]" > .claude/sessions/$(date +%Y-%m-%d)-[description].tmp
