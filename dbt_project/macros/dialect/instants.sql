{# The day in Asia/Shanghai of an instant, whatever the time zone of the session. #}
{% macro local_date(instant) -%}
    {{ return(adapter.dispatch('local_date', 'zaoxue')(instant)) }}
{%- endmacro %}

{% macro default__local_date(instant) -%}
    cast({{ instant }} at time zone 'Asia/Shanghai' as date)
{%- endmacro %}

{% macro spark__local_date(instant) -%}
    to_date(from_utc_timestamp(to_utc_timestamp({{ instant }}, current_timezone()), 'Asia/Shanghai'))
{%- endmacro %}

{# An instant from its text with offset (2026-06-01 00:00:00+08:00). #}
{% macro instant(text) -%}
    {{ return(adapter.dispatch('instant', 'zaoxue')(text)) }}
{%- endmacro %}

{% macro default__instant(text) -%}
    cast('{{ text }}' as timestamp with time zone)
{%- endmacro %}

{% macro spark__instant(text) -%}
    cast('{{ text }}' as timestamp)
{%- endmacro %}

{# Midnight in Asia/Shanghai after a day given as text. #}
{% macro midnight_after(day_text) -%}
    {%- set day = modules.datetime.datetime.strptime(day_text, '%Y-%m-%d') + modules.datetime.timedelta(days=1) -%}
    {{ instant(day.strftime('%Y-%m-%d') ~ ' 00:00:00+08:00') }}
{%- endmacro %}

{#
    State of every obligation at an instant, and what it counts as. On PostgreSQL the function that terminal, board and
    alerts share; Spark has no such function, and reads a table of that name, exported beside the raw tables.
#}
{% macro obligation_measure(moment) -%}
    {{ return(adapter.dispatch('obligation_measure', 'zaoxue')(moment)) }}
{%- endmacro %}

{% macro default__obligation_measure(moment) -%}
    {{ source('ops', 'obligation_measure') }}({{ moment }})
{%- endmacro %}

{% macro spark__obligation_measure(moment) -%}
    {{ source('ops', 'obligation_measure') }}
{%- endmacro %}
