use super::*;
use expect_test::{Expect, expect};

fn approval(fingerprint: &str, until: Option<&str>) -> Approval {
    Approval {
        rule: "endpoint-removed".into(),
        place: "GET /a/{}".into(),
        fingerprint: fingerprint.into(),
        reason: "no caller uses it".into(),
        until: until.map(|until| until.parse().unwrap()),
        at: Location::file(FILE_NAME),
    }
}

const ONE: &str = "0123456789abcdef";
const TWO: &str = "fedcba9876543210";

fn two() -> String {
    let one = add("f", None, &approval(ONE, None)).unwrap();
    add("f", Some(&one), &approval(TWO, Some("2027-01-31"))).unwrap()
}

#[test]
fn writes_approvals_as_tables() {
    expect![[r#"
            # Approved differences between upstream and the snapshot. `drift approve` adds them, `regen` removes
            # those that it applies, and `drift` reports those that are no longer needed.

            [[approved]]
            rule = "endpoint-removed"
            place = "GET /a/{}"
            fingerprint = "0123456789abcdef"
            reason = "no caller uses it"

            [[approved]]
            rule = "endpoint-removed"
            place = "GET /a/{}"
            fingerprint = "fedcba9876543210"
            reason = "no caller uses it"
            until = 2027-01-31
        "#]]
        .assert_eq(&two());
    let read = parse("f", &two()).unwrap();
    assert_eq!(
        read[1],
        Approval {
            at: Location::line("f", 10, 1),
            ..approval(TWO, Some("2027-01-31"))
        }
    );
    assert_eq!(read[0].until, None);
}

#[test]
fn a_second_approval_of_a_difference_replaces_the_first() {
    let again = Approval {
        reason: "a new reason".into(),
        ..approval(ONE, None)
    };
    let text = add("f", Some(&two()), &again).unwrap();
    let read = parse("f", &text).unwrap();
    assert_eq!((read.len(), read[0].reason.as_str()), (2, "a new reason"));
}

#[test]
fn removes_applied_approvals_and_keeps_the_others() {
    let text = two().replace(
            "[[approved]]\nrule = \"endpoint-removed\"\nplace = \"GET /a/{}\"\nfingerprint = \"f",
            "# ours\n[[approved]]\nrule = \"endpoint-removed\"\nplace = \"GET /a/{}\"\nfingerprint = \"f",
        );
    let (left, count) = prune("f", &text, &BTreeSet::from([ONE, "0000000000000000"])).unwrap();
    assert_eq!(count, 1);
    expect![[r#"
            # Approved differences between upstream and the snapshot. `drift approve` adds them, `regen` removes
            # those that it applies, and `drift` reports those that are no longer needed.

            # ours
            [[approved]]
            rule = "endpoint-removed"
            place = "GET /a/{}"
            fingerprint = "fedcba9876543210"
            reason = "no caller uses it"
            until = 2027-01-31
        "#]]
        .assert_eq(&left);
    let (none, count) = prune("f", &left, &BTreeSet::from([TWO])).unwrap();
    assert_eq!(
        (parse("f", &none).unwrap().len(), count, none.as_str()),
        (0, 1, HEADER)
    );
    assert_eq!(prune("f", &text, &BTreeSet::new()).unwrap(), (text, 0));
}

#[test]
fn an_approval_is_valid_on_its_last_day() {
    let approval = approval(ONE, Some("2027-01-31"));
    assert!(!approval.is_expired("2027-01-31".parse().unwrap()));
    assert!(approval.is_expired("2027-02-01".parse().unwrap()));
}

#[test]
fn reports_errors_with_lines() {
    let check = |text: &str, message: Expect| {
        message.assert_eq(&parse("drift.toml", text).unwrap_err().to_string());
    };
    let rest = "place = \"GET /a\"\nfingerprint = \"0123456789abcdef\"\nreason = \"x\"\n";
    check(
        "[[approved]]\nrule = 1\n",
        expect![[r#"
            `rule` must be a string that is not empty
              --> drift.toml:2:8"#]],
    );
    check(
        "\n[[approved]]\n",
        expect![[r#"
            the approval has no `rule`
              --> drift.toml:2:1"#]],
    );
    check(
        &format!("[[approved]]\nrule = \"endpoint-remove\"\n{rest}"),
        expect![[r#"
            unknown rule `endpoint-remove`; did you mean `endpoint-removed`?
              --> drift.toml:2:8"#]],
    );
    check(
        &format!("[[approved]]\nrule = \"endpoint-removed\"\n{rest}until = 2027-02-30\n"),
        expect![[r#"
                invalid date, expected day between 01 and 28
                  --> drift.toml:6:9"#]],
    );
    check(
        &format!("[[approved]]\nrule = \"endpoint-removed\"\n{rest}until = \"soon\"\n"),
        expect![[r#"
            invalid date `soon`; write YYYY-MM-DD
              --> drift.toml:6:9"#]],
    );
    check(
        &format!("[[approved]]\nrule = \"endpoint-removed\"\n{rest}expires = 1\n"),
        expect![[r#"
            unknown key `expires`; expected one of rule, place, fingerprint, reason, until
              --> drift.toml:6:11"#]],
    );
    check(
        &format!(
            "[[approved]]\nrule = \"endpoint-removed\"\n{}",
            rest.replace("0123", "012G")
        ),
        expect![[r#"
            invalid fingerprint `012G456789abcdef`: expected 16 digits of 0 to 9 and a to f
              --> drift.toml:4:15"#]],
    );
    check(
        &format!(
            "[[approved]]\nrule = \"endpoint-removed\"\n{rest}[[approved]]\nrule = \"endpoint-removed\"\n{rest}"
        ),
        expect![[r#"
            duplicate approval of `0123456789abcdef`, first at drift.toml:1:1; remove one of the two
              --> drift.toml:6:1"#]],
    );
    check(
        "approved = []\n",
        expect![[r#"
            unknown key `approved`; expected tables [[approved]]
              --> drift.toml:1:12"#]],
    );
}
