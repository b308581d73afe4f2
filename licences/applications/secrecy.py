"""State secrets stay out (M.3, S.18); trade secrets and privacy carry conditions (M.22)."""

TURNED_AWAY = (
    "涉及国家秘密的，不能录入本系统，也不制发电子证照。这次填的内容没有保存，只记下曾有此事。"
    "请按保密规定办理。"
)
