"""Administration of what has no page of its own: the list of sources."""

from django.contrib import admin

from leads.models import Source


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin):
    """Sources come by themselves as they are typed or imported; here one is renamed."""

    list_display = ("name",)
    search_fields = ("name",)

    def has_delete_permission(self, request, obj=None):
        # Figures are divided by source: one that leads came from cannot vanish.
        return bool(obj) and not obj.leads.exists() and super().has_delete_permission(request, obj)
