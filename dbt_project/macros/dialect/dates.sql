{# A day n days after another. #}
{% macro add_days(day, days) -%}
    {{ return(adapter.dispatch('add_days', 'zaoxue')(day, days)) }}
{%- endmacro %}

{% macro default__add_days(day, days) -%}
    ({{ day }} + {{ days }})
{%- endmacro %}

{% macro spark__add_days(day, days) -%}
    date_add({{ day }}, {{ days }})
{%- endmacro %}

{# Days from one day to another, an integer. #}
{% macro days_between(first_day, last_day) -%}
    {{ return(adapter.dispatch('days_between', 'zaoxue')(first_day, last_day)) }}
{%- endmacro %}

{% macro default__days_between(first_day, last_day) -%}
    ({{ last_day }} - {{ first_day }})
{%- endmacro %}

{% macro spark__days_between(first_day, last_day) -%}
    datediff({{ last_day }}, {{ first_day }})
{%- endmacro %}

{# First day of the month of a day. #}
{% macro month_start(day) -%}
    {{ return(adapter.dispatch('month_start', 'zaoxue')(day)) }}
{%- endmacro %}

{% macro default__month_start(day) -%}
    cast(date_trunc('month', {{ day }}) as date)
{%- endmacro %}

{% macro spark__month_start(day) -%}
    trunc({{ day }}, 'MM')
{%- endmacro %}

{# Months since year 0, an integer: 12 * year + month - 1. Sorts, subtracts and joins without dates. #}
{% macro month_no(day) -%}
    cast(12 * extract(year from {{ day }}) + extract(month from {{ day }}) - 1 as integer)
{%- endmacro %}

{# First day of the month of a month_no. make_date is the same word in PostgreSQL and Spark. #}
{% macro month_of_no(month_no) -%}
    make_date(cast(floor({{ month_no }} / 12.0) as integer), cast({{ month_no }} % 12 + 1 as integer), 1)
{%- endmacro %}

{# Last day of the month of a month_no. #}
{% macro month_end_of_no(month_no) -%}
    {{ add_days(month_of_no('(' ~ month_no ~ ' + 1)'), '-1') }}
{%- endmacro %}

{# Day of the week, 1 = Monday to 7 = Sunday. #}
{% macro iso_weekday(day) -%}
    {{ return(adapter.dispatch('iso_weekday', 'zaoxue')(day)) }}
{%- endmacro %}

{% macro default__iso_weekday(day) -%}
    cast(extract(isodow from {{ day }}) as integer)
{%- endmacro %}

{% macro spark__iso_weekday(day) -%}
    cast(extract(dayofweek_iso from {{ day }}) as integer)
{%- endmacro %}

{# A select of every day from one to another, column date_day. #}
{% macro day_series(first_day, last_day) -%}
    {{ return(adapter.dispatch('day_series', 'zaoxue')(first_day, last_day)) }}
{%- endmacro %}

{% macro default__day_series(first_day, last_day) -%}
    select cast(series.moment as date) as date_day
    from generate_series({{ first_day }}, {{ last_day }}, interval '1 day') as series (moment)
{%- endmacro %}

{% macro spark__day_series(first_day, last_day) -%}
    select explode(sequence({{ first_day }}, {{ last_day }}, interval 1 day)) as date_day
{%- endmacro %}
