//! N versions: each pair, both directions, and version numbers that do not admit a break.

use crate::room::Room;

fn api(version: &str, paths: &[&str]) -> String {
    let paths: String =
        paths.iter().map(|path| format!("  {path}:\n    get:\n      responses: {{'200': {{description: ok}}}}\n")).collect();
    format!("openapi: 3.0.3\ninfo: {{title: T, version: {version}}}\npaths:\n{paths}")
}

#[test]
fn a_folder_of_versions_becomes_a_matrix() {
    let room = Room::with(&[
        ("versions/v1.yaml", &api("1.0.0", &["/a"])),
        ("versions/v2.yaml", &api("1.1.0", &["/a", "/b"])),
        ("versions/v10.yaml", &api("1.2.0", &["/b"])),
    ]);
    let said = room.check(&["--matrix", "versions", "--format", "json"]).expect(3);
    let matrix: serde_json::Value = serde_json::from_str(&said.out).expect("JSON");
    let names: Vec<&str> = matrix["versions"].as_array().expect("versions").iter().filter_map(|v| v["name"].as_str()).collect();
    assert_eq!(names, ["v1.yaml", "v2.yaml", "v10.yaml"]);
    assert_eq!(matrix["pairs"].as_array().map(Vec::len), Some(3));
    let pair = |old: u64, new: u64| {
        let pairs = matrix["pairs"].as_array().expect("pairs");
        pairs.iter().find(|pair| pair["old"] == old && pair["new"] == new).expect("the pair").clone()
    };
    assert_eq!((&pair(0, 1)["deploy"], &pair(0, 1)["rollback"]), (&"compatible".into(), &"breaking".into()));
    assert_eq!(pair(1, 2)["deploy"], "breaking");
    assert!(matrix["findings"].to_string().contains("semver-breaking-without-major"), "{matrix}");
    for form in ["human", "markdown", "html"] {
        assert!(room.check(&["--matrix", "versions", "--format", form]).expect(3).out.contains("v10.yaml"), "{form}");
    }
    // With the right number it is admitted.
    room.write("versions/v10.yaml", &api("2.0.0", &["/b"]));
    room.check(&["--matrix", "versions"]).expect(0);
}

#[test]
fn a_range_of_git_becomes_a_matrix() {
    let room = Room::with(&[("api.yaml", &api("1.0.0", &["/a"]))]);
    room.commit("v1");
    room.write("api.yaml", &api("2.0.0", &["/b"]));
    room.commit("v2");
    let said = room.check(&["--matrix", "git:v1..v2:api.yaml", "--format", "json"]).expect(0);
    let matrix: serde_json::Value = serde_json::from_str(&said.out).expect("JSON");
    assert_eq!(matrix["pairs"][0]["deploy"], "breaking", "{matrix}");
    room.check(&["--matrix", "git:v1:api.yaml"]).expect(64).says("SG-CHK-004");
    room.check(&["--matrix", "nowhere"]).expect(64).says("SG-CHK-001");
}
