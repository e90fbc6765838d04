create table ops.news_page (
    address text primary key,
    source text not null,
    etag text not null,
    last_modified text not null,
    text_sha256 text not null,
    versions integer not null check (versions > 0),
    first_fetched_at timestamptz not null,
    fetched_at timestamptz not null
);
comment on table ops.news_page is 'Pages pulled from news sites: what a conditional request and a comparison need';
comment on column ops.news_page.source is 'Folder of the source in the inbox, code first';
comment on column ops.news_page.text_sha256 is 'Hash of the main text, so that a counter on the page makes no new version';

create table ops.news_story (
    article_id text primary key,
    story_id text not null,
    source_uri text not null,
    published_on date,
    taken_at timestamptz not null default now(),
    sketch bigint[] not null
);
create index news_story_of_day on ops.news_story (published_on);
create index news_story_story on ops.news_story (story_id);
comment on table ops.news_story is 'Articles and the story each tells; only the article whose id is the story''s gives claims';
comment on column ops.news_story.story_id is 'Id of the first article that told it';
comment on column ops.news_story.sketch is 'The smallest hashes of its groups of five characters and of its figures';
