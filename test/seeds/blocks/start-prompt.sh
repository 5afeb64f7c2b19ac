# Seed 001, step 3: the prompt that a task begins with.
SESSION_PROMPT=""
if [[ -f "working/${TASK_ID}/session_memory.md" ]]; then
SESSION_PROMPT="Read working/${TASK_ID}/session_memory.md first. Apply all decisions and progress markers before starting new work."
fi
# Then in your Claude Code command:
claude code "$SESSION_PROMPT Continue with the task: [your task description]"
