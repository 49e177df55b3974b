"""Cards as an app would send them."""

from typing import Any

Json = dict[str, Any]


def buttons(task_id: str = "t1", *, count: int = 2, **more: Any) -> Json:
    rows = [{"text": f"按钮{n}", "style": 1, "key": f"key:{n}"} for n in range(1, count + 1)]
    return {
        "card_type": "button_interaction",
        "main_title": {"title": "四（2）班 早报"},
        "sub_title_text": "应到 45 人",
        "task_id": task_id,
        "button_list": rows,
        **more,
    }


def vote(task_id: str = "t1", *, count: int = 3, mode: int = 1, **more: Any) -> Json:
    options = [{"id": f"o{n}", "text": f"{n}号", "is_checked": False} for n in range(1, count + 1)]
    return {
        "card_type": "vote_interaction",
        "main_title": {"title": "谁没来？"},
        "task_id": task_id,
        "checkbox": {"question_key": "who", "mode": mode, "option_list": options},
        "submit_button": {"text": "提交", "key": "submit:1"},
        **more,
    }


def questions(task_id: str = "t1", *, count: int = 2, options: int = 3, **more: Any) -> Json:
    rows = [
        {
            "question_key": f"q{q}",
            "title": f"问题{q}",
            "option_list": [{"id": f"q{q}o{n}", "text": f"{n}"} for n in range(1, options + 1)],
        }
        for q in range(1, count + 1)
    ]
    return {
        "card_type": "multiple_interaction",
        "main_title": {"title": "两个问题"},
        "task_id": task_id,
        "select_list": rows,
        "submit_button": {"text": "提交", "key": "submit:2"},
        **more,
    }


def notice(**more: Any) -> Json:
    action = {"type": 1, "url": "https://example.org/"}
    return {"card_type": "text_notice", "main_title": {"title": "通知"}, "card_action": action, **more}
