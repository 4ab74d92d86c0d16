-- What wrk sends. The environment has the settings: see wrk.ts.

wrk.method = os.getenv('METHOD')
wrk.path = os.getenv('REQUEST_PATH')
wrk.body = os.getenv('BODY')
for line in (os.getenv('HEADERS') or ''):gmatch('[^\n]+') do
  local name, value = line:match('^(.-): (.*)$')
  wrk.headers[name] = value
end

-- A file with a body in each line. The body of line r is sent in proportion to 1/r (Zipf's law).
local bodies = os.getenv('BODIES')
if bodies then
  local requests, sums, total = {}, {}, 0

  function init()
    math.randomseed(tonumber(os.getenv('SEED')))
    for body in io.lines(bodies) do
      requests[#requests + 1] = wrk.format(nil, nil, nil, body)
      total = total + 1 / #requests
      sums[#requests] = total
    end
  end

  function request()
    local wanted, low, high = math.random() * total, 1, #sums
    while low < high do
      local middle = math.floor((low + high) / 2)
      if sums[middle] < wanted then low = middle + 1 else high = middle end
    end
    return requests[low]
  end
end

function done(summary)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout + errors.status
  print(string.format('done %d %d %d %d', summary.requests, summary.duration, summary.bytes, failed))
end
