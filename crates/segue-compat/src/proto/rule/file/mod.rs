//! Rules about files and packages.

pub mod import_public_removed;
pub mod option_changed;
pub mod package_changed;
pub mod package_removed;
pub mod removed;
pub mod syntax_changed;

use super::Context;

pub(super) fn check(context: &mut Context<'_>) {
    removed::check(context);
    package_changed::check(context);
    package_removed::check(context);
    syntax_changed::check(context);
    option_changed::check(context);
    import_public_removed::check(context);
}
