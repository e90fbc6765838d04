-- Stories that passed the review, each once.
with ordered as (
    select
        *,
        row_number() over (partition by case_id order by organisation_code) as place
    from {{ ref('stg_case_story') }}
)

select
    cases.case_id,
    cases.article_id,
    cases.source,
    cases.organisation_code as source_code,
    cases.published_on,
    cases.place_code,
    cases.age_band,
    cases.hardship_categories,
    cases.actions,
    cases.training_on,
    cases.certificate_on,
    cases.referral_on,
    cases.placement_on,
    cases.loan_on,
    cases.dibao_exit_on,
    cases.follow_up_on,
    cases.outcome,
    cases.monthly_wage,
    cases.evidence,
    cast(cases.sentence_start as integer) as sentence_start,
    cases.confidence,
    cases.doubts,
    passed.passed_by
from ordered as cases
inner join {{ ref('int_news_passed') }} as passed on cases.case_id = passed.item_id and cases.row_hash = passed.row_hash
where cases.place = 1
