"""Forms as the design draws them."""

import pytest
from django import forms
from django.utils import translation

from common.forms import DayInput, MomentInput, MonthInput, TelInput

pytestmark = pytest.mark.nodb


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


class Call(forms.Form):
    who = forms.CharField(help_text="As they said it.")
    result = forms.ChoiceField(choices=[("yes", "Reached"), ("no", "<Nobody>")])
    next_step = forms.ChoiceField(
        choices=[("mail", "Mail")], widget=forms.RadioSelect, required=False
    )
    heard = forms.MultipleChoiceField(
        choices=[("b", "Budget")], widget=forms.CheckboxSelectMultiple, required=False
    )
    words = forms.CharField(widget=forms.Textarea(attrs={"class": "textarea--sm"}), required=False)
    agreed = forms.BooleanField(required=False)
    secret = forms.CharField(widget=forms.PasswordInput, required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def test_each_widget_gets_the_class_of_the_design():
    form = Call()
    assert 'class="input"' in str(form["who"])
    assert 'class="select"' in str(form["result"])
    assert 'class="textarea textarea--sm"' in str(form["words"])
    assert 'class="check"' in str(form["agreed"])
    assert "class=" not in str(form["token"])


def test_a_field_brings_its_label_and_its_help():
    html = Call()["who"].as_field_group()
    assert '<label for="id_who">Who</label>' in html
    assert 'aria-describedby="id_who_helptext"' in html
    assert 'id="id_who_helptext">As they said it.' in html


def test_an_error_is_tied_to_its_field():
    html = Call({"who": ""})["who"].as_field_group()
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_who_helptext id_who_error"' in html
    assert 'id="id_who_error"' in html


def test_what_was_typed_stays_and_is_escaped():
    html = str(Call({"who": '"><script>', "result": "?"}))
    assert "<script>" not in html
    assert "&quot;&gt;&lt;script&gt;" in html
    assert "&lt;Nobody&gt;" in html


def test_choices_are_cards_with_their_own_boxes():
    form = Call({"next_step": "mail", "heard": ["b"]})
    assert 'class="radio" type="radio" name="next_step" value="mail"' in str(form["next_step"])
    assert 'class="check" type="checkbox" name="heard" value="b"' in str(form["heard"])
    assert str(form["heard"]).count(" checked") == 1
    assert "<fieldset" in form["next_step"].as_field_group()


def test_an_optional_field_says_so_unless_most_are():
    assert "optional" in Call()["words"].as_field_group()

    class Mostly(Call):
        marks_optional = False

    assert "optional" not in Mostly()["words"].as_field_group()


def test_a_password_can_be_shown():
    assert "data-show-password" in Call()["secret"].as_field_group()


def test_what_concerns_the_whole_form_is_an_alert():
    form = Call({"who": "x", "result": "yes"})
    form.add_error(None, "Sota has already accepted this lead.")
    assert 'role="alert"' in str(form.non_field_errors())


def test_times_are_chosen_in_the_browsers_own_fields():
    class Plan(forms.Form):
        on = forms.DateField(widget=DayInput)
        at = forms.DateTimeField(widget=MomentInput)
        month = forms.DateField(widget=MonthInput, input_formats=["%Y-%m"])
        phone = forms.CharField(widget=TelInput)

    form = Plan({"on": "2026-11-18", "at": "2026-11-18T14:20", "month": "2026-12", "phone": "052"})
    assert form.is_valid()
    html = str(form)
    assert 'type="date" name="on" value="2026-11-18"' in html
    assert 'type="datetime-local" name="at" value="2026-11-18T14:20"' in html
    assert 'type="month" name="month" value="2026-12"' in html
    assert 'type="tel"' in html


def test_a_placeholder_that_repeats_the_label_is_left_out():
    class SignIn(forms.Form):
        mail = forms.CharField(label="E-mail", widget=forms.TextInput({"placeholder": "E-mail"}))
        find = forms.CharField(label="Find", widget=forms.TextInput({"placeholder": "A name"}))

    html = str(SignIn())
    assert 'placeholder="E-mail"' not in html
    assert 'placeholder="A name"' in html
