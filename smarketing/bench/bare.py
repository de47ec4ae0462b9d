"""What any Django page costs here: an empty one, and a list of 25 leads without anything around it."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "smarketing.settings.bench"

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.template import Context, Engine
from django.urls import path

application = get_wsgi_application()

from leads.models import Lead  # noqa: E402 - the apps are ready from here on

ROWS = Engine().from_string(
    "<table>{% for lead in leads %}<tr><td>{{ lead.family_name }}<td>{{ lead.given_name }}"
    "<td>{{ lead.company.name }}<td>{{ lead.title }}<td>{{ lead.stage }}<td>{{ lead.fit }}"
    "<td>{{ lead.last_touch_at|date:'n/j' }}</tr>{% endfor %}</table>"
)


def page(request):
    return HttpResponse("<p>Here.</p>")


def rows(request):
    leads = Lead.objects.select_related("company").order_by("-last_touch_at", "-pk")[:25]
    return HttpResponse(ROWS.render(Context({"leads": leads})))


urlpatterns = [path("", page), path("rows/", rows)]
settings.ROOT_URLCONF = __name__
# It says how long an answer is: without that, connections are not kept open.
settings.MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
application.load_middleware()
