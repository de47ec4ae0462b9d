"""Now: the one ordered list of what is to be done, of one person or of their team."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.clock import page_now
from exchange.measures.now import ME, TEAM, now_page


@require_safe
def now(request):
    at = page_now()
    whose = request.GET.get("whose", ME)
    whose = whose if whose in (ME, TEAM) else ME
    page = now_page(request.user, at=at, whose=whose, key=request.GET.get("after", ""))
    context = {"page": page, "whose": whose, "at": at}
    return render(request, "exchange/now.html", context)
