-- Formats citations for the guide: each line of the request is one document in pandoc's JSON, and so is each line that is
-- printed. Nothing is looked at here, because handing a source over to Lua takes as long as formatting it.
-- One run of pandoc serves the whole site; the sources come in small groups because citeproc's work on names that
-- could be confused grows faster than the number of sources.

local head = '{"pandoc-api-version":[' .. tostring(PANDOC_API_VERSION):gsub('%.', ',') .. '],'

for line in io.lines(arg[1]) do
  local formatted = pandoc.utils.citeproc(pandoc.read(head .. line, 'json'))
  io.write((pandoc.write(formatted, 'json'):gsub('\n', '')), '\n')
end
