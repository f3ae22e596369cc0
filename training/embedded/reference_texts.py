"""Texts on which another implementation of tokenizer and model is compared with this one."""
from __future__ import annotations

_LONG = " ".join(
    f"def step_{number}(items): return [item for item in items if item.weight > {number}]"
    for number in range(34))

REFERENCE_TEXTS: list[str] = [
    "where is a request retried",
    "a",
    "readHTTPHeader_v2",
    "XMLHttpRequest parseURL2JSON __init__ snake_case_name",
    "def retry(times, wait):\n    for attempt in range(times):\n        yield attempt * wait\n",
    "public static int binarySearch(int[] sorted, int key) { /* O(log n) */ }",
    "Les données d'entrée sont vérifiées à la ligne 12 — déjà vu?",
    "Чтение файла и разбор строки, затем запись в базу ДанныхФайл",
    "文件下载失败后重试",
    "emoji 🚀 in a commit message, e\u0301 combined and ǅungla",
    "## Install\n\n```sh\nnpm install --save-dev neosearch\n```\n",
    "SELECT name, COUNT(*) FROM users WHERE created_at >= '2024-01-01' GROUP BY name;",
    "\ttabs\r\nand   spaces   ",
    _LONG,
]
