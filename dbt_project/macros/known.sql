{#
    Which versions of the rows of a raw table count. Without the variable known_at: the current ones. With it: those that
    stood at that instant, told by when the submissions that brought and closed them were received.
    Every staging model reads raw through this one macro.
#}
{% macro is_known() -%}
    {%- if not var('known_at', none) -%}
        _to_submission is null
    {%- else -%}
        _from_submission in ({{ submissions_known() }})
        and (_to_submission is null or _to_submission not in ({{ submissions_known() }}))
    {%- endif -%}
{%- endmacro %}

{% macro submissions_known() -%}
    select submission_id from {{ source('ops', 'submission') }} where {{ was_known('received_at') }}
{%- endmacro %}

{# Whether an instant lies in the time whose knowledge is used. #}
{% macro was_known(moment) -%}
    {%- if not var('known_at', none) -%}
        true
    {%- else -%}
        {{ moment }} <= {{ instant(var('known_at')) }}
    {%- endif -%}
{%- endmacro %}
