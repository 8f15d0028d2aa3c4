//! Light or dark: as the system has it, or as the person chose.

use leptos::prelude::*;

use crate::components::icon::Shape;

/// Where the choice is kept between two starts.
const STORED: &str = "isthmus.theme";

/// The attribute of the root element that `tokens.css` reads.
const ATTRIBUTE: &str = "data-theme";

/// What the console looks like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Every theme, in the order shown.
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The word it is kept by.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The word shown.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::System => "System",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }

    /// Its icon.
    pub(crate) fn shape(self) -> Shape {
        match self {
            Self::System => Shape::Settings,
            Self::Light => Shape::Sun,
            Self::Dark => Shape::Moon,
        }
    }

    /// The theme of a word; the system's for any other.
    pub(crate) fn of(word: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.word() == word).unwrap_or_default()
    }
}

/// The theme that is chosen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Appearance(RwSignal<Theme>);

impl Appearance {
    /// Takes up the theme chosen last, and applies and keeps every later choice; once, in the frame.
    pub(crate) fn provide() {
        let chosen = RwSignal::new(kept());
        Effect::new(move |_| apply(chosen.get()));
        provide_context(Self(chosen));
    }

    /// The one of this application.
    pub(crate) fn of_this_app() -> Self {
        expect_context::<Self>()
    }

    /// The theme chosen.
    pub(crate) fn theme(self) -> Theme {
        self.0.get()
    }

    /// Chooses another.
    pub(crate) fn choose(self, theme: Theme) {
        self.0.set(theme);
    }
}

/// A webview without storage starts with the system's theme each time.
fn kept() -> Theme {
    let storage = window().local_storage().ok().flatten();
    let word = storage.and_then(|storage| storage.get_item(STORED).ok().flatten());
    word.map_or(Theme::System, |word| Theme::of(&word))
}

fn apply(theme: Theme) {
    if let Ok(Some(storage)) = window().local_storage() {
        drop(storage.set_item(STORED, theme.word()));
    }
    let Some(root) = document().document_element() else { return };
    drop(match theme {
        Theme::System => root.remove_attribute(ATTRIBUTE),
        Theme::Light | Theme::Dark => root.set_attribute(ATTRIBUTE, theme.word()),
    });
}

#[cfg(test)]
mod tests {
    use super::Theme;

    #[test]
    fn a_theme_is_found_again_by_its_word_and_an_unknown_word_is_the_systems() {
        for theme in Theme::ALL {
            assert_eq!(Theme::of(theme.word()), theme);
        }
        assert_eq!(Theme::of("sepia"), Theme::System);
    }
}
