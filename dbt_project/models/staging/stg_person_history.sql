-- Every version of every row, current or closed, as known: what a person once was, and until which submission.
select
    person_key,
    hardship_categories,
    hardship_recognised_on,
    registered_on,
    organisation_code,
    _from_submission as from_submission,
    {% if var('known_at', none) -%}
        case when _to_submission in ({{ submissions_known() }}) then _to_submission end
    {%- else -%}
        _to_submission
    {%- endif %} as to_submission
from {{ source('raw', 'person') }}
{% if var('known_at', none) -%}
    where _from_submission in ({{ submissions_known() }})
{%- endif %}
