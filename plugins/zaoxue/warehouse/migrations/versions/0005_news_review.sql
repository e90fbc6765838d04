create table ops.news_review (
    item_id text not null,
    row_hash uuid not null,
    what text not null check (what in ('claim', 'case')),
    article_id text not null,
    confidence numeric not null,
    threshold numeric not null,
    needs_review boolean generated always as (confidence < threshold) stored,
    queued_at timestamptz not null default now(),
    primary key (item_id, row_hash)
);
create index news_review_waiting on ops.news_review (article_id) where needs_review;
comment on table ops.news_review is
    'Every claim and case that was loaded, with the threshold of the day it was received: what has no row here, or '
    'needs review and has no decision that lets it pass, reaches no mart';
comment on column ops.news_review.item_id is 'claim_id or case_id';
comment on column ops.news_review.row_hash is
    'The row as it was read (_row_hash of raw): a changed article gives another one, and is reviewed again';

create table ops.news_decision (
    decision_id bigint generated always as identity primary key,
    item_id text not null,
    row_hash uuid not null,
    decision text not null check (decision in ('accept', 'correct', 'reject')),
    reason text not null check (reason <> ''),
    decided_by text not null check (decided_by <> ''),
    decided_at timestamptz not null default now(),
    measure text,
    kind text,
    value numeric,
    value_min numeric,
    value_max numeric,
    unit text,
    scope text,
    place_code text,
    period_start date,
    period_end date,
    foreign key (item_id, row_hash) references ops.news_review
);
create index news_decision_item on ops.news_decision (item_id, row_hash, decision_id);
comment on table ops.news_decision is
    'What a person decided about a claim or a case; never changed, the last one counts (as of an instant: the last by then)';
comment on column ops.news_decision.measure is
    'From here on: of a correction, the whole claim as it should read, null where the article does not say; else null';
