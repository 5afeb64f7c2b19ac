# Seed 001, advanced tips: a memory file of each day.
SESSION_MEM="working/${TASK_ID}/session_memory_$(date +%Y%m%d).md"
