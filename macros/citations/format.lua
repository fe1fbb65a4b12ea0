-- Formats citations for the guide: reads a request (JSON) and prints the result (JSON). `processor.py` says what is in both.
-- One run of pandoc serves the whole site; the sources come in small groups because citeproc's work on names that
-- could be confused grows faster than the number of sources.

local request_file = io.open(arg[1], 'r')
local request = pandoc.json.decode(request_file:read('a'), false)
request_file:close()

local function rich(runs)
  local inlines = pandoc.Inlines{}
  for _, run in ipairs(runs) do
    local text = pandoc.Inlines(run.text)
    if run.markup == 'i' then inlines:insert(pandoc.Emph(text))
    elseif run.markup == 'b' then inlines:insert(pandoc.Strong(text))
    elseif run.markup == 'sup' then inlines:insert(pandoc.Superscript(text))
    elseif run.markup == 'sub' then inlines:insert(pandoc.Subscript(text))
    elseif run.markup == 'nocase' then inlines:insert(pandoc.Span(text, {class = 'nocase'}))
    else inlines:extend(text) end
  end
  return pandoc.MetaInlines(inlines)
end

local function reference(item)
  local meta = {}
  for name, value in pairs(item) do
    if type(value) ~= 'table' then meta[name] = tostring(value)
    elseif value.rich then meta[name] = rich(value.rich)
    else
      local people = pandoc.MetaList{}
      for _, person in ipairs(value) do people:insert(pandoc.MetaMap(person)) end
      meta[name] = people
    end
  end
  return pandoc.MetaMap(meta)
end

-- Links to sources become <a data-k="key">, for which the page puts in its own; only web addresses stay links.
local for_pages = {
  Link = function(link)
    local key = link.target:match('^#ref%-(.*)$')
    if key then
      local out = pandoc.Inlines{pandoc.RawInline('html', '<a data-k="' .. key .. '">')}
      out:extend(link.content)
      out:insert(pandoc.RawInline('html', '</a>'))
      return out
    end
    if link.target:match('^https?://') then
      return pandoc.Link(link.content, link.target)
    end
    return link.content
  end,
  Span = function(span) return span.content end,
  Cite = function(citation) return citation.content end,
}
local no_links = {
  Link = function(link) return link.content end,
  Span = function(span) return span.content end,
  Cite = function(citation) return citation.content end,
}

-- All pieces are written in one go: a call of pandoc.write costs more than what it writes.
local separator = '\30'

local function html(pieces, filter)
  local blocks = pandoc.Blocks{}
  for _, inlines in ipairs(pieces) do
    blocks:insert(pandoc.Plain(inlines))
    blocks:insert(pandoc.RawBlock('html', separator))
  end
  local text = pandoc.write(pandoc.Pandoc(blocks):walk(filter), 'html', {wrap_text = 'none'})
  local written = {}
  for piece in text:gmatch('%s*([^' .. separator .. ']-)%s*' .. separator) do written[#written + 1] = piece end
  return written
end

local function cite(cites, mode)
  local list = pandoc.List{}
  for _, one in ipairs(cites) do
    local citation = pandoc.Citation(one.key, mode)
    if one.locator then
      -- pandoc reads a locator from the text that follows a citation, as in [@key, p. 4]
      citation.suffix = pandoc.Inlines(', ' .. one.locator)
    end
    list:insert(citation)
  end
  return pandoc.Plain{pandoc.Cite({pandoc.Str('?')}, list)}
end

local function process(style, refs, blocks)
  local doc = pandoc.Pandoc(blocks)
  doc.meta.csl = style
  doc.meta['link-citations'] = true
  doc.meta.references = refs
  doc.meta.nocite = pandoc.MetaInlines{pandoc.Cite({pandoc.Str('*')}, {pandoc.Citation('*', 'NormalCitation')})}
  return pandoc.utils.citeproc(doc)
end

local function listed(doc)
  return doc.blocks[#doc.blocks].content
end

local function key_of(entry)
  return (entry.identifier:gsub('^ref%-', ''))
end

local function entries(doc)
  local labels, bodies = {}, {}
  for index, entry in ipairs(listed(doc)) do
    local label, body = '', pandoc.Inlines{}
    for _, block in ipairs(entry.content) do
      for _, inline in ipairs(block.content or {}) do
        if inline.t == 'Span' and inline.classes:includes('csl-left-margin') then
          label = pandoc.utils.stringify(inline)
        elseif inline.t == 'Span' and inline.classes:includes('csl-right-inline') then
          body:extend(inline.content)
        else
          body:insert(inline)
        end
      end
    end
    labels[index], bodies[index] = label, body
  end
  local written = html(bodies, for_pages)
  local found = {}
  for index, entry in ipairs(listed(doc)) do
    found[key_of(entry)] = {label = labels[index], html = written[index]}
  end
  return found
end

local function cited(doc, count)
  local pieces = {}
  for index = 1, count do pieces[index] = doc.blocks[index].content end
  return pieces
end

local results = {}
for _, job in ipairs(request.jobs) do
  local refs = pandoc.MetaList{}
  for _, item in ipairs(job.items) do refs:insert(reference(item)) end
  local result = {}
  local blocks, doc = pandoc.Blocks{}, nil
  for _, cites in ipairs(job.clusters) do blocks:insert(cite(cites, 'NormalCitation')) end
  if job.want ~= 'clusters' or #job.clusters > 0 then doc = process(job.style, refs, blocks) end
  if #job.clusters > 0 then result.clusters = html(cited(doc, #job.clusters), for_pages) end
  if job.want == 'entries' then result.entries = entries(doc) end
  if job.want == 'order' then
    result.order = {}
    for index, entry in ipairs(listed(doc)) do result.order[index] = key_of(entry) end
  end
  if #job.narrative > 0 then
    blocks = pandoc.Blocks{}
    for _, one in ipairs(job.narrative) do blocks:insert(cite({one}, job.narrative_mode)) end
    doc = process(job.narrative_style, refs, blocks)
    result.narrative = html(cited(doc, #job.narrative), no_links)
  end
  results[job.id] = result
end
print(pandoc.json.encode(results))
