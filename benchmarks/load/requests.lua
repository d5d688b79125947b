-- What wrk sends: replies to check or questions to answer, a different one each time, at a known rate.
-- wrk … -- KIND PAUSE: each connection waits PAUSE milliseconds on average before a request (0 to twice that, at random:
-- otherwise all would ask at the same moment), so that the rate is connections / pause.
local replies = {
  "亲，您好，这款没有发票的哦", "亲，您好，发票有的哦，随包裹给您寄出，感谢您的支持！", "好的亲，加我微信吧abc123",
  "亲，48小时内发货的哦，请您放心", "亲，质量问题我们承担运费的哦，感谢您的支持",
}
local questions = {
  "有发票吗", "什么时候发货", "可以便宜点吗", "有运费险吗", "加微信聊吧", "能不能帮我改地址", "质量怎么样", "退货运费谁出",
  "你们是正品吗", "好评有红包吗",
}
local kind, pause, count = "check", 0, 0

function init(args)
  kind, pause = args[1], tonumber(args[2])
  math.randomseed(os.time())
  count = math.random(1000)
end

function delay() return math.random(0, 2 * pause) end

function request()
  count = count + 1
  local body = '{"question":"' .. questions[count % #questions + 1] .. string.rep("？", count % 5) .. '"}'
  if kind ~= "suggest" then
    body = '{"question":"有发票吗","reply":"' .. replies[count % #replies + 1] .. count .. '"}'
  end
  return wrk.format("POST", "/v1/" .. kind, { ["Content-Type"] = "application/json" }, body)
end

function done(summary, latency)
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout
  io.write(string.format("figures %.1f %.2f %.2f %.2f %.2f %d\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000, latency.max / 1000, errors))
end
