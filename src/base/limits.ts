/** A limit on everything. Each says its unit in its name and why it has this value. */

/** What leftoff may add to a conversation at its start, with the plugin and a full brief: peers take 18,000 to 25,000, which is what users complain of. */
export const START_TOKENS_MAX = 2_500;
/** What a brief may cost of that, where the plugin's tools are all shown to the model from the start. */
export const BRIEF_TOKENS_MAX = 1_350;
/** Claude Code cuts a hook's output at 10,000 characters to a 2 kB preview; we stay under it with room for the fence. */
export const BRIEF_CHARS_MAX = 9_500;
/** What a resumed conversation is told that it has not heard: deltas pile up in its transcript. */
export const BRIEF_DELTA_TOKENS_MAX = 400;
/** Proposals are guesses: never more than this share of a brief. */
export const BRIEF_PROPOSALS_SHARE_MAX = 0.3;
/** Pinned notes of a session, with those of its project: each is in every brief, and all together leave room for what is new. */
export const PINS_MAX = 5;
/** Notes of a session that belong to its project, kept in its summary: a brief shows a handful, `notes` all of these. */
export const PROJECT_NOTES_MAX = 50;
/** Open guesses per session; more would be noise that nobody settles. */
export const PROPOSALS_OPEN_MAX = 5;

/** Every hook ends by itself within this, whatever happens around it. */
export const HOOK_DEADLINE_MS = 2_000;
/** A hook that took this long until its work began is on a machine that may hold it up anywhere: it is watched from then on. */
export const HOOK_SLOW_START_MS = 300;
/** Reading and replaying more of a journal than this takes longer than a hook's usual work (1 MB: 40 ms of checking and parsing). */
export const JOURNAL_LONG_BYTES = 1_000_000;
/** More of a transcript than this takes long: 1 MB about 100 ms of reading. Also when V8's optimizing begins to pay. */
export const READ_LONG_BYTES = 1_000_000;
/** How long SessionStart waits for an ingest that is already running. */
export const SESSION_START_WAIT_MS = 300;
/** How far a fork's word of when the old conversation was answered may be off: it comes in whole seconds, and we read first. */
export const FORK_AGE_TOLERANCE_MS = 5_000;
/** Of the end of a transcript that nobody has read, for where its records were copied from: more than the longest answer. */
export const COPIES_LOOKED_AT_BYTES = 256 * 1024;
/** How long SessionStart may itself read what nobody has read yet. */
export const SESSION_START_INGEST_MS = 1_200;
/** How long PreCompact may read its own conversation: less than a start, since the document is written after it. */
export const PRE_COMPACT_INGEST_MS = 1_000;
/** What a compaction's summary is asked to keep: every word of it may come back in the summary, and the brief comes after it anyway. */
export const SUMMARY_TOKENS_MAX = 700;
/** The same in characters, for scripts that cost a token each. */
export const SUMMARY_CHARS_MAX = 4_000;
/** What is younger is told in full: the work in hand. */
export const LAYER_FULL_MS = 60 * 60 * 1000;
/** What is younger is told in detail: half a day's work, of which each step still matters. */
export const LAYER_DETAILED_MS = 4 * LAYER_FULL_MS;
/** A summary in layers, some 4,000 tokens: an agent that asks for one reads it at once, as an answer of MCP. */
export const LAYERS_CHARS_MAX = 16_000;
/** The end of a transcript that nobody has read yet, looked at for one: a day of heavy work is some 10 MB. */
export const LAYERS_UNREAD_BYTES_MAX = 16 * 1024 * 1024;
/** Records that are read again for one, newest first, where a conversation has more turns than are kept: a day of heavy work. */
export const LAYERS_RECORDS_MAX = 20_000;
/** Git is asked about drift within this, or not at all, where all else of an answer's time is spent. */
export const DRIFT_GIT_MS = 300;
/** Until here in the time of a SessionStart git may go on: starting it on a busy machine takes most of a second. */
export const SESSION_START_GIT_MS = 1_000;
/** The same for a brief that is made where no hook waits: at the end of a turn, and for a person who asks. */
export const DRIFT_GIT_UNHURRIED_MS = 3_000;
/** A transcript lags its hook by up to 151 ms (measured); this is the far end of patience. */
export const TRANSCRIPT_LAG_MS = 2_000;
/**
 * Bytes of a transcript that an ingest reads in a few ten milliseconds. Before it reads more, the call that it works on is made durable:
 * a power cut in that time would take the answer that only the call has.
 */
export const INGEST_AT_ONCE_BYTES = 1024 * 1024;
/** Between two looks for the record that a hook announced. */
export const TRANSCRIPT_POLL_MS = 20;

/** A notice about a filling context is for a conversation that goes on; Claude Code itself deletes transcripts after 30 days. */
export const CONTEXT_NOTICE_DAYS_MAX = 30;
/** A shell prints such a notice within milliseconds after taking it: one that lies longer was left by a kill. */
export const CONTEXT_NOTICE_PRINTING_MS = 60_000;

/** After SessionEnd a transcript that has not grown for this long is done; the agent's book-keeping comes within 20 ms. */
export const SESSION_END_QUIET_MS = 160;
/** And how long that may be waited for in all. */
export const SESSION_END_REST_MS = 1_000;

/** A payload that is not all there by then is taken as far as it came: the agent writes it in the moment it starts the hook. */
export const HOOK_PAYLOAD_WAIT_MS = 1_000;
/** A payload beyond this is read no further: hooks carry prompts and answers, not files. */
export const HOOK_PAYLOAD_BYTES_MAX = 10 * 1024 * 1024;
/** One record of a transcript held in memory. A longer one is kept as text in windows, and the loss of its structure reported. */
export const RECORD_BYTES_MAX = 32 * 1024 * 1024;
/** One window of a longer record: a member of the archive that takes milliseconds to open. */
export const RECORD_WINDOW_BYTES = 1024 * 1024;
/** How far around a border between windows is looked for a secret that lies across it: a private key of 4096 bits has 3.3 kB. */
export const RECORD_WINDOW_OVERLAP_BYTES = 8 * 1024;
/** Ids of records remembered per conversation: a record that was written twice is counted once, where its copy is no further away. */
export const RECENT_RECORDS_MAX = 1_000;
/** How much of a transcript is read at a time: bounds memory, whatever the file's size. */
export const READ_CHUNK_BYTES = 4 * 1024 * 1024;
/** How much of a transcript is handed over at a time: most turns whole, and a start that has no time left stops after 20 ms more. */
export const READ_BATCH_BYTES = 256 * 1024;
/** Plain bytes in one gzip member of the archive: small enough to open at any place for the price of one. */
export const ARCHIVE_MEMBER_BYTES = 64 * 1024;
/** What is appended at once of no more text than this is stored as it is: to load zlib and compress it costs 3 ms, the sum of this much 0.4. */
export const ARCHIVE_STORED_TEXT_BYTES = 16 * 1024;
/** Stored members of an archive that goes on are packed beyond this: some two hundred turns, a rewriting of a megabyte or more. */
export const ARCHIVE_STORED_BYTES_MAX = 1024 * 1024;
/** And beyond this share of the file, so that over all turns four bytes are copied for each that was stored. */
export const ARCHIVE_STORED_SHARE_MAX = 1 / 4;
/** Of a conversation that is over this much stays stored: four blocks of a file system, of which packing would save two. */
export const ARCHIVE_LEFT_STORED_BYTES = 16 * 1024;
/** Or this share of its file: a long conversation that is resumed again and again is not copied for a turn. */
export const ARCHIVE_LEFT_STORED_SHARE = 1 / 64;

/** One text of a note. Longer ones are refused by `note`, cut with a mark when they come from a document. */
export const NOTE_TEXT_CHARS_MAX = 4_000;
/** A title, as it stands in lists and headings. */
export const TITLE_CHARS_MAX = 120;
/** The description part of a slug, so that the file name stays readable. */
export const SLUG_CHARS_MAX = 48;
/** A state document; beyond it the file is no longer read as one (seeds' documents are 5 to 25 kB). */
export const DOCUMENT_BYTES_MAX = 2 * 1024 * 1024;
/** Items and sections of a state document, twice what anybody had; beyond them a start of a conversation would wait for its reading. */
export const DOCUMENT_ITEMS_MAX = 10_000;
/** Reading, comparing and writing more than this takes longer than a hook's usual work: it is watched. */
export const DOCUMENT_LONG_BYTES = 100_000;
/** Written texts of a document kept as bases for comparison: an editor may hold a copy that old. */
export const DOCUMENT_BASES_MAX = 20;
/** And how long they may be together: they are read and written whole whenever a person changed the document. */
export const DOCUMENT_BASES_CHARS_MAX = 4_000_000;
/** Kept in any case: the text before a person's edits, the one with them, what we made of it, and one more for an editor. */
export const DOCUMENT_BASES_MIN = 4;
/** A heading as the journal names a section by it, with each of its items. */
export const SECTION_NAME_CHARS_MAX = 200;

/** A session memory file; a longer one is not read, and reported: twenty thousand checkpoints. */
export const MEMORY_BYTES_MAX = 2 * 1024 * 1024;
/** Lines named by one event: some 20 bytes each, far below EVENT_BYTES_MAX. */
export const MEMORY_LINES_PER_EVENT_MAX = 4_000;
/**
 * Updates of what a document holds after one event that has all of it. All items of 400 notes are 42 kB, an update is
 * 0.8 kB: this often they cost half as much again, and a damaged record takes the items of no more texts than these.
 */
export const DOCUMENT_UPDATES_MAX = 100;
/**
 * Places that these updates may name, as a multiple of the document's items. What is read at each turn is what was told since
 * everything was: of a short document a handful of updates instead of a hundred, for a journal that grows by a third more.
 */
export const DOCUMENT_UPDATED_SHARE_MAX = 2;
/** What one event tells of a document's items, as JSON; the rest follows in others. A character has at most three bytes, and EVENT_BYTES_MAX is for all of the record. */
export const DOCUMENT_EVENT_CHARS_MAX = 80_000;

/** The beginning of a README or a page of context that a brief's excerpt is made from: far more than it can hold. */
export const SOURCE_BYTES_MAX = 64 * 1024;
/** Partitions of one workspace: a brief asks each of them about the files that were touched last. */
export const PARTITIONS_MAX = 50;
/** Patterns of one partition. */
export const PARTITION_PATHS_MAX = 20;

/** Events in one append: one write, so one lock of the inode. */
export const EVENTS_PER_APPEND_MAX = 1_000;
/** One event as a line of the journal. */
export const EVENT_BYTES_MAX = 256 * 1024;

/** After this without activity, a first prompt on the default git branch starts new work. */
export const SESSION_IDLE_MS = 72 * 60 * 60 * 1000;
/** A turn whose transcript has not moved for this long is no longer working. */
export const WORKING_EXPIRES_MS = 10 * 60 * 1000;

/** Conversations that `init` reads at once, newest first, so that the first brief already knows them. */
export const INIT_CONVERSATIONS_MAX = 20;
/** And how long that may take in all. */
export const INIT_INGEST_MS = 20_000;

/** How long git may look for a repository's root commit: Linux's own history takes about 10 s, most take 50 ms. Never in a hook that answers. */
export const GIT_IDENTITY_MS = 15_000;
/** A root commit that git did not find in its time is asked for again after this. */
export const GIT_IDENTITY_RETRY_MS = 24 * 60 * 60 * 1000;
/** How long git may look for the person's name or where its hooks lie: milliseconds, but on a busy machine its start alone takes most of a second. Never in a hook. */
export const GIT_CONFIG_MS = 5_000;
/** Commits of a drift that are listed; the others are counted. */
export const DRIFT_COMMITS_MAX = 20;
/** One subject of a commit, as it stands in a drift. */
export const COMMIT_SUBJECT_CHARS_MAX = 200;
/** Files of a session whose size and time are remembered, to see outside changes: one `stat` each at every start. */
export const FILE_MARKS_MAX = 200;

/** Longer than this between two records and nobody worked: a command may run for 10 minutes without one (the agent's own limit), and a person thinks. */
export const ACTIVE_GAP_MAX_MS = 15 * 60 * 1000;
/** Times of work kept of one conversation, some 100 bytes each; between two lies a break. Older ones are added up. */
export const STRETCHES_KEPT_MAX = 500;
/** Days of work kept in a session's summary, newest: every start reads these files. What is older counts in its sums. */
export const FIGURE_DAYS_KEPT_MAX = 120;
/** Rows of `stats`: a terminal's screen; the sum below has all. */
export const STATS_ROWS_MAX = 50;
/** Secrets of one text that are told apart before any room is asked for. More are a dump of secrets: with what stands between them they become one mark, or marks cost more than finding them. */
export const SECRETS_IN_A_ROW_MAX = 1_000;
/** What may stand between two secrets of a row: a name and its signs. It makes no room for another. */
export const SECRETS_GAP_CHARS_MAX = 32;
/** Beyond that, without a secret among them, for each further secret that is told apart: with the name 60 characters, less than what a line of a log says. */
export const SECRET_ROOM_CHARS = 28;
/** The same for each in base64 or hexadecimal digits, which cost four times as much to find. */
export const ENCODED_SECRET_ROOM_CHARS = 112;
/** Looks at what may be a secret, in one text, of 448 examined characters each, before its length counts: more than texts of up to 30 kB ask for. With more, one of 100 kB would cost more for each of its bytes than a megabyte does. */
export const REDACT_FREE_LOOKS_MAX = 1_280;
/** And beyond, one for so many characters: 37 in 1,024, what nearly all data, code and logs ask for at the most that are full of names and secrets. Where it is more, what stands there becomes one mark unread: a look takes 0.5 to 1 µs. */
export const REDACT_LOOK_CHARS = 28;
/** Nesting of one record. Whatever walks a value recursively (redaction, JSON.stringify) overflows its stack far beyond this. */
export const RECORD_DEPTH_MAX = 256;
/** Damaged places told of one read; a file of nothing but garbage must not fill memory with reports of it. */
export const DAMAGE_REPORTS_MAX = 1_000;
/** How much of a transcript is looked at to see whose it is: its first records hold the folder. */
export const TRANSCRIPT_HEAD_BYTES = 16 * 1024;

/** What is kept of a tool's result: how it began (an exit code, a commit's line) and how it ended (a test run's closing line). */
export const TOOL_RESULT_CHARS_MAX = 4_000;
/** Turns kept with their texts; older ones are in the archive, and a brief of 9,500 characters shows a handful. */
export const TURNS_KEPT_MAX = 30;
/** A prompt or an answer in the facts: its beginning and its end. */
export const TURN_TEXT_CHARS_MAX = 4_000;
/** Files of a conversation, the most recently touched ones. */
export const FILES_KEPT_MAX = 500;
/** Commands of a conversation, newest. */
export const COMMANDS_KEPT_MAX = 200;
/** One command in the facts; a longer one is a script in a here-document. */
export const COMMAND_CHARS_MAX = 500;
/** Todos, commits, answered questions, refusals, fixes, undone edits: of each the newest this many. */
export const FACTS_KEPT_MAX = 100;
/** Git branches and kinds of tools of a conversation; a name costs a hundred bytes at most. */
export const NAMES_KEPT_MAX = 200;
/** Calls waiting for their result. An agent runs a dozen at once; the rest never got one. */
export const CALLS_WAITING_MAX = 256;
/** Replies whose usage may still grow: blocks of one reply follow each other, with those of subagents between. */
export const REPLIES_OPEN_MAX = 64;
/** Failed commands that a later run may prove fixed. */
export const FAILURES_OPEN_MAX = 20;
/** Edits that a later one may take back. */
export const EDITS_REMEMBERED_MAX = 200;
/** Guesses of one conversation, newest; the session shows PROPOSALS_OPEN_MAX of them. */
export const PROPOSALS_KEPT_MAX = 20;
/** The sentence of a guess: it is read in a list among others. */
export const PROPOSAL_CHARS_MAX = 200;

/** Between two looks at a lock that somebody holds: a hook waits for an ingest of about 50 ms. */
export const LOCK_POLL_MS = 5;
/**
 * A lock of a process in another PID namespace (a container, a sandbox) cannot be checked for life: after this long it
 * counts as left behind. Far longer than any work under a lock takes.
 */
export const LOCK_FOREIGN_MAX_MS = 15 * 60 * 1000;

/** How long an append to an archive waits for another one to the same file: each takes milliseconds. */
export const ARCHIVE_LOCK_MS = 5_000;
/** How long `repair` waits for another one: reading all archives of a year takes that long. */
export const REPAIR_LOCK_MS = 60_000;
/** What a journal ends with is damaged when it is still the same after this: one write of a batch takes microseconds. */
export const REPAIR_SETTLE_MS = 200;
/** How long `repair` waits for an ingest at work on a conversation whose losses it forgets. */
export const REPAIR_STATE_MS = 10_000;
/** What a hook entry of ours allows itself in the agent's settings, in seconds: twice our own timer, far below the default of 600. */
export const HOOK_ENTRY_TIMEOUT_S = 5;

/** How long `init` and `uninstall` wait for another one: copying the program to a slow disk takes seconds. */
export const INSTALL_LOCK_MS = 20_000;
/** How long `uninstall --purge` waits for each ingest at work: it waits 2 s for its transcript, and then writes, on a busy machine for long. */
export const PURGE_WAIT_MS = 20_000;

/** A detached ingest that is not done by then never will be; the next hook goes on from where it was. */
export const INGEST_DEADLINE_MS = 60_000;

/** A day of heavy work takes some 10 MB; below this `doctor` warns. */
export const DISK_WARN_BYTES = 100 * 1024 * 1024;
/** A call that waits for longer than this without an ingest at work was left by one that died: an ingest takes seconds. */
export const PENDING_CALL_OLD_MS = 60_000;
/** After a hook was heard, its ingest has written something within this. */
export const NUDGE_UNREAD_MS = 60_000;
/** How long `doctor` reads kept copies of conversations: some 50 MB a second, and a person waits. */
export const DOCTOR_ARCHIVE_MS = 5_000;
/** How long another program may take to say its version: one that is just being read from a disk, on a busy machine. */
export const VERSION_ANSWER_MS = 10_000;

/** One message of MCP: a note with every field at its longest, written in escapes, has a quarter of a megabyte. */
export const MCP_MESSAGE_BYTES_MAX = 16 * 1024 * 1024;
/** An answer of an MCP tool, some 4,000 tokens: agents warn of answers beyond 10,000 tokens, and a conversation keeps each. */
export const MCP_ANSWER_CHARS_MAX = 16_000;
/** Calls of MCP that wait for their turn; an agent runs a dozen at once. */
export const MCP_CALLS_WAITING_MAX = 64;
/** How long what is being done is waited for when the client has gone: every use case ends within seconds. */
export const MCP_END_MS = 10_000;
/** How long the record of a tool call is waited for in the transcripts: it comes some 100 ms after the call, on a busy machine later than 500. */
export const CALL_LOOKUP_MS = 2_000;
/** Transcripts that are looked at for a tool call, those that moved last: conversations that go on side by side in one work tree. */
export const CALL_TRANSCRIPTS_MAX = 10;
/** How much of a transcript's end is looked at for a tool call: parallel calls and their results stand behind it. */
export const CALL_TAIL_BYTES = 256 * 1024;

/** The part of a handoff that is enough to begin with: two screens, read in a minute. */
export const HANDOFF_CORE_TOKENS_MAX = 600;

/** Work that the team's board shows: touched or finished within two weeks, the time of an iteration. */
export const BOARD_RECENT_MS = 14 * 24 * 60 * 60 * 1000;
/** Finished sessions that a person has on the board: a screen for a team of four. */
export const BOARD_COMPLETIONS_MAX = 10;

/** Sessions beside the current one whose notes the context page has: a new piece of work does not empty it. Each is a journal to read. */
export const CONTEXT_SESSIONS_MAX = 3;
/** Lines of leftoff's in one section of the context page: with five lists, a screen. */
export const CONTEXT_LINES_MAX = 6;
/** Commits that the context page names: a line. */
export const CONTEXT_COMMITS_MAX = 3;
/** Lines of ours that are known again when an older page comes back (a checkout, a merge): some ten pages of them. */
export const CONTEXT_WRITTEN_LINES_MAX = 300;
/** One item of the context page, so that it stays one line to read. */
export const CONTEXT_ITEM_CHARS_MAX = 200;
/** Changed lines that one event names; a page has about forty of ours. */
export const CONTEXT_EVENT_LINES_MAX = 60;
/** Changes of the context page that its history shows: a few screens. */
export const CONTEXT_HISTORY_EVENTS_MAX = 100;
/** Sessions whose journals are read for it, those touched last. */
export const CONTEXT_HISTORY_SESSIONS_MAX = 20;
/** For one question to git about the context page: in the background nobody waits for it, and else a person who asked for the page. */
export const CONTEXT_GIT_MS = 5_000;
/** For another process that writes the page, which asks git three times. */
export const CONTEXT_WAIT_MS = 15_000;

/** Sessions in which undo looks for the last change, those touched last: a journal is read in a millisecond. */
export const UNDO_SESSIONS_MAX = 50;
/** Changes of notes that lie so close are of one command, and are taken back together: nobody types two in that time. */
export const UNDO_TOGETHER_MS = 50;

/** Files of `.claude/context/` that are looked through, the last by name: a summary a week for twenty years. */
export const CONTEXT_FILES_MAX = 1_000;

/** Pages of one name that are kept beside each other: more than that is a mistake in a loop. */
export const SUMMARY_COPIES_MAX = 100;

/** Words of one search. */
export const SEARCH_CHARS_MAX = 200;
/** Notes that a search gives, a screen full: who wants more asks more closely. */
export const SEARCH_NOTES_MAX = 20;
/** Documents that were put into the folder by hand and are taken in at once; the others follow with the next hook. */
export const DOCUMENTS_ADOPTED_MAX = 200;
/** How old a document's day may be for its session to stay open: what lay longer is history, and waits as paused. */
export const ADOPTED_OPEN_MS = 7 * 24 * 60 * 60 * 1000;
/** Lines of a document beyond which nobody reads it to the end: time to put it away and begin anew. */
export const LINT_LINES_MAX = 400;
/** Work that goes on for so long after the last note has left its record behind. */
export const LINT_BEHIND_MS = 2 * 60 * 60 * 1000;
/** Days that completed work may wait to be archived. */
export const LINT_WAITING_DAYS_MAX = 3;
/** A template is a page or two. */
export const TEMPLATE_BYTES_MAX = 64 * 1024;
/** Templates of one's own that are listed: more is a folder of something else. */
export const TEMPLATES_MAX = 50;
/** Sections of people's own that a search gives beside the notes: they are the rarer find. */
export const SEARCH_OWN_SECTIONS_MAX = 5;
/** Of such a section, the line that fits best: enough to know it by. */
export const SEARCH_SECTION_CHARS_MAX = 200;
/** Sessions that are searched, those worked on last: a journal of a hundred notes is read in a millisecond. */
export const SEARCH_SESSIONS_MAX = 1_000;

/** The spool has a line for each call of a hook: some 20,000 calls. Of a longer one the last line stays, which is all that `doctor` asks for. */
export const SPOOL_BYTES_MAX = 1024 * 1024;
