-- Which exits break a rule, by themselves or compared with their enrollment.
-- Grain: one row per row read of completions. Each column except row_id is a rule; its name is the reason shown to the analyst.
-- Parameters: $delivered_on, the date of the delivery; $earliest: earlier dates are mistakes. A reason may show it as
-- {earliest}.
select
    c.row_id,
    looks_like_ssn(c.enrollment_id) as "enrollment_id looks like a Social Security number, not an id",
    c.enrollment_id is not null and e.enrollment_id is null and q.enrollment_id is null
        as "no such enrollment in the delivery",
    q.enrollment_id is not null as "its enrollment was excluded",
    c.outcome is not null and outcome.name is null as "unknown outcome",
    c.exited_on > $delivered_on as "exited_on after the delivery",
    c.credential_on > $delivered_on as "credential_on after the delivery",
    c.employed_on > $delivered_on as "employed_on after the delivery",
    c.exited_on < $earliest as "exited_on before {earliest}",
    c.credential_on < $earliest as "credential_on before {earliest}",
    c.employed_on < $earliest as "employed_on before {earliest}",
    e.enrollment_id is not null and e.enrolled_on is null as "exit of an application that was never enrolled",
    c.exited_on < e.enrolled_on as "exited before enrolled",
    c.exited_on < e.started_on as "exited before started",
    c.credential_on < e.started_on as "credential before start",
    c.credential_on is not null and c.credential is null as "credential_on without a credential",
    c.employed_on < e.enrolled_on as "employed before enrolled",
    c.hourly_wage_before < 0 as "negative hourly_wage_before",
    c.hourly_wage_after < 0 as "negative hourly_wage_after"
from completions as c
left join accepted_enrollments as e on e.enrollment_id = c.enrollment_id
left join quarantined_enrollments as q on q.enrollment_id = c.enrollment_id
left join outcome_names as outcome on outcome.given = c.outcome
