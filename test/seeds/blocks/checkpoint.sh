# Seed 001, step 2: the function that scripts call.
checkpoint() {
local NOTE="$1"
local SESSION_MEM="working/${TASK_ID}/session_memory.md"
echo "- $(date -u +%Y-%m-%dT%H:%MZ) — $NOTE" >> "$SESSION_MEM"
}
