"""Administration of the lists that have no page yet; what must not change is not here."""

from django.contrib import admin

from handoff.models import DealStep, Lane, Leg, LostReason, ReturnReason


class NeverDeleted(admin.ModelAdmin):
    """Rows that handoffs and deals point to: retired, never deleted."""

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(ReturnReason)
class ReturnReasonAdmin(NeverDeleted):
    list_display = ("code", "kind", "name", "name_en", "needs_revisit", "position", "retired_at")
    list_filter = ("kind",)

    # The lists are clauses of the agreement: they change by a proposal that both heads sign.
    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(LostReason)
class LostReasonAdmin(NeverDeleted):
    list_display = ("code", "name", "name_en", "position", "retired_at")

    def get_readonly_fields(self, request, obj=None):
        return ("code",) if obj else ()


@admin.register(DealStep)
class DealStepAdmin(NeverDeleted):
    list_display = ("position", "code", "name", "name_en", "probability")

    def get_readonly_fields(self, request, obj=None):
        return ("code",) if obj else ()


class LegInline(admin.TabularInline):
    model = Leg
    extra = 0


@admin.register(Lane)
class LaneAdmin(NeverDeleted):
    list_display = ("code", "name", "name_en", "is_active")
    inlines = [LegInline]
