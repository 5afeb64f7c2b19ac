# Seed 000, workflow step 3: the document becomes a permanent record.
# Move from .tmp to permanent record
mv .claude/sessions/2026-01-25-feature-auth.tmp \
   .claude/context/2026-01/2026-01-25-feature-auth.md

# Add final status and summary
# (Update status to "completed", add final metrics)
