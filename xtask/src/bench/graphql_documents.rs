//! A pair of GraphQL schemas of about a megabyte each, with the shape of a large public one, from a seed.
//!
//! One query type with few fields, many mutations with an input and a payload each, objects that implement `Node`, connections
//! with edges and page info, orders and filters as inputs, enums, unions of results, long descriptions, deprecations. The new
//! side differs in a few hundred places that are counted here, so that a reader of the bench knows what must be found. Must
//! never read a clock or a random device: the same seed gives the same bytes.

use std::fmt::Write as _;

/// How many kinds of things a generated schema has.
const OBJECTS: usize = 270;
const MUTATIONS: usize = 180;
const ENUMS: usize = 160;
const UNIONS: usize = 40;

/// A pair of schemas.
#[derive(Debug)]
pub(crate) struct Pair {
    /// What is there now.
    pub(crate) old: String,
    /// What is to come.
    pub(crate) new: String,
    /// In how many places the two differ.
    pub(crate) changes: usize,
}

/// A small generator of numbers (SplitMix64), enough for documents.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }
}

/// The words of names and descriptions.
const WORDS: &[&str] = &[
    "Account", "Branch", "Check", "Deploy", "Entry", "Feature", "Gist", "Hook", "Issue", "Job", "Key", "Label", "Member", "Notice",
    "Owner", "Project", "Query", "Review", "Status", "Team", "User", "Version", "Watch", "Zone",
];

fn name(number: usize) -> String {
    format!("{}{}{}", WORDS[number % WORDS.len()], WORDS[number / WORDS.len() % WORDS.len()], number)
}

fn field_name(number: usize) -> String {
    let word = WORDS[number % WORDS.len()].to_lowercase();
    format!("{word}{}{}", WORDS[(number * 7 + 3) % WORDS.len()], number % 50)
}

/// Two texts that grow together, apart from what changes.
struct Writer {
    old: String,
    new: String,
    numbers: Numbers,
    changes: usize,
}

impl Writer {
    fn both(&mut self, text: &str) {
        self.old.push_str(text);
        self.new.push_str(text);
    }

    /// A line that now and then goes, comes or changes.
    fn line(&mut self, text: &str, other: Option<&str>) {
        match (self.numbers.below(60), other) {
            (0, _) => self.old.push_str(text),
            (1, _) => self.new.push_str(text),
            (2, Some(other)) => {
                self.old.push_str(text);
                self.new.push_str(other);
            }
            _ => return self.both(text),
        }
        self.changes += 1;
    }

    fn description(&mut self, indent: &str) {
        let words: Vec<String> = (0..6 + self.numbers.below(9)).map(|_| WORDS[self.numbers.below(WORDS.len())].to_lowercase()).collect();
        if !indent.is_empty() {
            // A member may be on one side only: a comment can stand alone, a description cannot.
            return self.both(&format!("{indent}# The {} of it.\n", words.join(" ")));
        }
        self.both(&format!("{indent}\"\"\"\n{indent}The {} of it.\n{indent}\"\"\"\n", words.join(" ")));
    }

    fn leaf(&mut self) -> String {
        let leaves = ["String", "Int", "Boolean", "ID", "DateTime", "URI"];
        if self.numbers.one_in(6) {
            format!("{}Kind", name(self.numbers.below(ENUMS)))
        } else {
            leaves[self.numbers.below(leaves.len())].to_owned()
        }
    }

    fn object(&mut self, number: usize) {
        self.description("");
        self.both(&format!("type {} implements Node @owner(team: \"t{}\") {{\n  id: ID!\n", name(number), number % 17));
        for at in 0..14 + self.numbers.below(16) {
            self.description("  ");
            let field = field_name(number * 31 + at * 5);
            let bang = if self.numbers.one_in(2) { "!" } else { "" };
            let other_bang = if bang.is_empty() { "!" } else { "" };
            let to = name(self.numbers.below(OBJECTS));
            match self.numbers.below(5) {
                0 => {
                    let arguments = format!("(after: String, before: String, first: Int, last: Int, orderBy: {to}Order)");
                    self.line(
                        &format!("  {field}{at}{arguments}: {to}Connection{bang}\n"),
                        Some(&format!("  {field}{at}{arguments}: {to}Connection{other_bang}\n")),
                    );
                }
                1 => self.line(&format!("  {field}{at}: {to}{bang}\n"), Some(&format!("  {field}{at}: [{to}]{bang}\n"))),
                _ => {
                    let leaf = self.leaf();
                    let deprecated = if self.numbers.one_in(25) { " @deprecated(reason: \"Use another one.\")" } else { "" };
                    self.line(
                        &format!("  {field}{at}: {leaf}{bang}{deprecated}\n"),
                        Some(&format!("  {field}{at}: {leaf}{other_bang}{deprecated}\n")),
                    );
                }
            }
        }
        let own = name(number);
        self.both("}\n\n");
        self.both(&format!(
            "type {own}Connection {{\n  edges: [{own}Edge]\n  nodes: [{own}]\n  pageInfo: PageInfo!\n  totalCount: Int!\n}}\n\n"
        ));
        self.both(&format!("type {own}Edge {{\n  cursor: String!\n  node: {own}\n}}\n\n"));
        self.both(&format!("input {own}Order {{\n  direction: OrderDirection!\n  field: {}Kind!\n}}\n\n", name(number % ENUMS)));
    }

    fn mutation(&mut self, number: usize) {
        let own = name(number);
        self.description("");
        self.both(&format!("input Update{own}Input {{\n  clientMutationId: String\n  id: ID!\n"));
        for at in 0..3 + self.numbers.below(6) {
            self.description("  ");
            let leaf = self.leaf();
            let field = field_name(number * 13 + at);
            self.line(&format!("  {field}{at}: {leaf}\n"), Some(&format!("  {field}{at}: {leaf}!\n")));
        }
        self.both("}\n\n");
        self.both(&format!(
            "type Update{own}Payload {{\n  clientMutationId: String\n  {}: {own}\n}}\n\n",
            WORDS[number % WORDS.len()].to_lowercase()
        ));
    }

    fn rest(&mut self) {
        for number in 0..ENUMS {
            self.description("");
            self.both(&format!("enum {}Kind {{\n", name(number)));
            for at in 0..4 + self.numbers.below(6) {
                self.description("  ");
                self.line(&format!("  {}_{at}\n", WORDS[(number + at) % WORDS.len()].to_uppercase()), None);
            }
            self.both("  OTHER\n}\n\n");
        }
        for number in 0..UNIONS {
            let members: Vec<String> = (0..5).map(|at| name((number * 9 + at * 40) % OBJECTS)).collect();
            self.line(
                &format!("union Result{number} = {}\n\n", members.join(" | ")),
                Some(&format!("union Result{number} = {}\n\n", members[1..].join(" | "))),
            );
        }
    }
}

/// The pair of a seed.
pub(crate) fn pair(seed: u64) -> Pair {
    let mut writer = Writer { old: String::new(), new: String::new(), numbers: Numbers(seed), changes: 0 };
    writer.both("directive @owner(team: String) on OBJECT\nscalar DateTime\nscalar URI\ninterface Node {\n  id: ID!\n}\nenum OrderDirection {\n  ASC\n  DESC\n}\n");
    writer.both("type PageInfo {\n  endCursor: String\n  hasNextPage: Boolean!\n  hasPreviousPage: Boolean!\n  startCursor: String\n}\n\n");
    let mut query = "type Query {\n  node(id: ID!): Node\n  nodes(ids: [ID!]!): [Node]!\n".to_owned();
    for number in 0..24 {
        let _ = writeln!(query, "  {}(first: Int = 10, orderBy: {}Order): {}Connection!", field_name(number), name(number), name(number));
    }
    writer.both(&query);
    writer.both("}\n\ntype Mutation {\n");
    for number in 0..MUTATIONS {
        writer.both(&format!("  update{0}(input: Update{0}Input!): Update{0}Payload\n", name(number)));
    }
    writer.both("}\n\n");
    (0..OBJECTS).for_each(|number| writer.object(number));
    (0..MUTATIONS).for_each(|number| writer.mutation(number));
    writer.rest();
    Pair { old: writer.old, new: writer.new, changes: writer.changes }
}

/// Writes both files into a folder: `old.graphql` and `new.graphql`.
///
/// # Errors
/// Those of writing a file.
pub(crate) fn write(folder: &std::path::Path, seed: u64) -> std::io::Result<Pair> {
    let pair = pair(seed);
    std::fs::write(folder.join("old.graphql"), &pair.old)?;
    std::fs::write(folder.join("new.graphql"), &pair.new)?;
    Ok(pair)
}
