//! Buttons and fields.

use leptos::prelude::*;

use crate::components::button::{Button, ButtonLink, Kind, Size};
use crate::components::field::{
    Checkbox, Choice, RadioGroup, Segmented, SelectField, Switch, TextArea, TextField, TextKind,
};
use crate::components::icon::Shape;
use crate::pages::gallery::Part;

/// Buttons.
#[component]
pub(super) fn Buttons() -> impl IntoView {
    let pressed = RwSignal::new(0_u32);
    let count = move || pressed.update(|pressed| *pressed += 1);
    let held = RwSignal::new(false);
    view! {
        <Part name="Buttons">
            <div class="row row--wrap">
                <Button kind=Kind::Primary icon=Shape::Play on_press=count>"Run now"</Button>
                <Button on_press=count>"Default"</Button>
                <Button kind=Kind::Ghost on_press=count>"Ghost"</Button>
                <Button kind=Kind::Danger icon=Shape::Trash on_press=count>"Delete"</Button>
                <Button icon=Shape::Settings label="Settings" on_press=count/>
                <Button kind=Kind::Ghost icon=Shape::Search shortcut="Ctrl K" on_press=count>"Search"</Button>
            </div>
            <div class="row row--wrap">
                <Button size=Size::Small icon=Shape::Retry on_press=count>"Small"</Button>
                <Button disabled=true title="Nothing has changed" on_press=count>"Disabled"</Button>
                <Button kind=Kind::Primary disabled=true on_press=count>"Disabled"</Button>
                <Button busy=true on_press=count>"Busy"</Button>
                <Button pressed=held on_press=move || held.update(|held| *held = !*held)>"Held"</Button>
                <ButtonLink href="#/gallery" icon=Shape::ArrowRight>"A link"</ButtonLink>
            </div>
            <p class="small muted" id="gallery-pressed">"Pressed " {pressed} " times"</p>
        </Part>
    }
}

/// Fields.
#[component]
pub(super) fn Fields() -> impl IntoView {
    let name = RwSignal::new("Northwind Sales".to_owned());
    let bad = RwSignal::new("https//login".to_owned());
    let sought = RwSignal::new(String::new());
    let org = RwSignal::new("left".to_owned());
    let policy = RwSignal::new("newest".to_owned());
    let side = RwSignal::new("both".to_owned());
    let ticked = RwSignal::new(true);
    let on = RwSignal::new(true);
    let note = RwSignal::new(String::new());
    let error = move || {
        (!bad.get().starts_with("https://")).then(|| "An address starts with https://".to_owned())
    };
    let orgs = vec![
        ("left".to_owned(), "Northwind Sales".to_owned()),
        ("right".to_owned(), "Contoso EMEA".to_owned()),
    ];
    let policies = vec![
        Choice::new("newest", "The newest change wins")
            .text("By the time at which each org wrote the field."),
        Choice::new("left", "The left org wins").text("Changes of the right org are held."),
        Choice::new("ask", "Ask a person")
            .icon(Shape::Person)
            .text("Both sides stay as they are until somebody decides."),
        Choice::new("merge", "Merge texts").disabled(true).text("Only for multi-select picklists."),
    ];
    let sides = vec![
        Choice::new("left", "Left"),
        Choice::new("both", "Both"),
        Choice::new("right", "Right"),
    ];
    view! {
        <Part name="Fields">
            <TextField label="Name" value=name hint="As it shows in lists"/>
            <TextField label="Login address" value=bad kind=TextKind::Url mono=true error=error/>
            <TextField label="Find a record" value=sought kind=TextKind::Search hide_label=true placeholder="Name or id"/>
            <SelectField label="Org" value=org options=orgs/>
            <TextArea label="Note" value=note placeholder="Why it was done" lines=2/>
        </Part>
        <Part name="Choices">
            <RadioGroup label="When both sides changed" choices=policies value=policy/>
            <Segmented label="Side" choices=sides value=side/>
            <Checkbox label="Also delete" value=ticked hint="Rows deleted on one side are deleted on the other"/>
            <Switch label="Scheduled" on on_change=move |now| on.set(now) hint="Every 15 minutes"/>
        </Part>
    }
}
