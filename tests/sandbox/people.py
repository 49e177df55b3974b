"""Who is there in these tests."""

TEACHER = 1001
STRANGER = 1002  # has never written to the bot
LEADER = 1003
GROUP = -500
USERID = "ZhangWei"  # the teacher's in WeCom; its capital letters show what is lower-cased
LEADER_USERID = "LiuZhuRen"
