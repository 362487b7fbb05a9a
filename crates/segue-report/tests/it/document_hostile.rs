//! What a reader of Markdown makes of hostile names: text, and nothing else.

use pulldown_cmark::{Event, Options, Parser, Tag};
use segue_report::document::{Order, assessment_markdown, plan_markdown};

use crate::{html_hostile, sample};

/// Events that only markup from a name could make.
fn strange(text: &str) -> Vec<String> {
    Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS | Options::ENABLE_FOOTNOTES)
        .filter(|event| {
            matches!(
                event,
                Event::Html(_)
                    | Event::InlineHtml(_)
                    | Event::FootnoteReference(_)
                    | Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::Strikethrough | Tag::Emphasis | Tag::HtmlBlock)
            )
        })
        .map(|event| format!("{event:?}"))
        .collect()
}

/// Headings and cells of tables: a name must add none.
fn shape(text: &str) -> (usize, usize) {
    let events: Vec<Event<'_>> = Parser::new_ext(text, Options::ENABLE_TABLES).collect();
    let number = |wanted: fn(&Event<'_>) -> bool| events.iter().filter(|event| wanted(event)).count();
    (number(|event| matches!(event, Event::Start(Tag::Heading { .. }))), number(|event| matches!(event, Event::Start(Tag::TableCell))))
}

const MARKUP: &str = "a|b `c` ``d` [x](http://e) ![i](j) *k* _l_ ~~m~~ <b>n</b> &lt; # o\n# p\n| q | r |\n- s\n1. t\n```\nu\n[^1]: v";

#[test]
fn a_name_makes_no_markup() {
    let clean = sample::shop();
    let mut plan = html_hostile::plan();
    let mut marked = sample::shop();
    for phase in &mut marked.phases {
        for text in [&mut phase.goal, &mut phase.user_impact, &mut phase.project.rollback.how] {
            MARKUP.clone_into(text);
        }
        phase.project.tasks.iter_mut().for_each(|task| MARKUP.clone_into(&mut task.what));
        phase.steps.iter_mut().for_each(|step| MARKUP.clone_into(&mut step.what));
    }
    marked.program.overview.iter_mut().for_each(|line| MARKUP.clone_into(&mut line.change));
    marked.program.risks.iter_mut().for_each(|risk| MARKUP.clone_into(&mut risk.what));
    plan.name.push_str(MARKUP);
    for order in [Order::Segue, Order::Doc001, Order::Doc002, Order::Doc003] {
        for plan in [&clean, &plan, &marked] {
            assert_eq!(strange(&plan_markdown(plan, order)), Vec::<String>::new(), "{order:?}");
        }
        assert_eq!(shape(&plan_markdown(&marked, order)), shape(&plan_markdown(&clean, order)), "{order:?}: no heading or cell more");
    }
}

#[test]
fn an_assessment_makes_no_markup() {
    let mut assessment = sample::assessment();
    let clean = shape(&assessment_markdown(&assessment));
    for object in &mut assessment.objects {
        MARKUP.clone_into(&mut object.reason);
        object.name.push_str(MARKUP);
    }
    assessment.not_checked = vec![MARKUP.to_owned()];
    let text = assessment_markdown(&assessment);
    assert_eq!((strange(&text), shape(&text)), (Vec::new(), clean));
}
