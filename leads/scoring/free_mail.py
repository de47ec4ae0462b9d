"""Mail providers where anybody gets an address: it says nothing about who employs them.

The large ones of Japan and of the world, and the addresses of mobile carriers and home lines.
"""

FREE_MAIL = frozenset(
    """
    gmail.com googlemail.com yahoo.co.jp yahoo.com ymail.com ymail.ne.jp yahoo.ne.jp
    outlook.com outlook.jp hotmail.com hotmail.co.jp live.com live.jp msn.com
    icloud.com me.com mac.com aol.com aol.jp proton.me protonmail.com gmx.com gmx.de gmx.net web.de
    mail.com zoho.com fastmail.com tutanota.com yandex.com yandex.ru mail.ru
    naver.com daum.net hanmail.net qq.com 163.com 126.com sina.com foxmail.com
    orange.fr free.fr laposte.net libero.it t-online.de btinternet.com comcast.net verizon.net att.net
    excite.co.jp goo.jp goo.ne.jp infoseek.jp inter7.jp mail.goo.ne.jp
    docomo.ne.jp ezweb.ne.jp au.com softbank.ne.jp i.softbank.jp vodafone.ne.jp ymobile.ne.jp
    disney.ne.jp uqmobile.jp rakumail.jp rakuten.jp
    nifty.com nifty.ne.jp ocn.ne.jp plala.or.jp biglobe.ne.jp so-net.ne.jp dion.ne.jp asahi-net.or.jp
    jcom.home.ne.jp jcom.zaq.ne.jp eonet.ne.jp odn.ne.jp wakwak.com hi-ho.ne.jp bbiq.jp
    """.split()
)


def is_free_mail(address: str) -> bool:
    """Whether the address is with a provider anybody may use; also with one of its subdomains."""
    domain = address.rpartition("@")[2].strip().lower().rstrip(".")
    parts = domain.split(".")
    return any(".".join(parts[n:]) in FREE_MAIL for n in range(len(parts) - 1))
