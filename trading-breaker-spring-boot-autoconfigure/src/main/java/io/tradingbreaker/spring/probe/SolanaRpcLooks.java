package io.tradingbreaker.spring.probe;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * {@code probe.type: solana-rpc}: asks a node by JSON-RPC for its health, then for its slot at {@code processed}.
 * Thread-safe.
 */
public final class SolanaRpcLooks implements LookFactory {

    private static final String SLOT_PARAMETERS = "[{\"commitment\":\"processed\"}]";

    private final ProbeHttp http;

    public SolanaRpcLooks(ProbeHttp http) {
        this.http = http;
    }

    @Override
    public String type() {
        return "solana-rpc";
    }

    @Override
    public Look open(ProbeSettings settings, URI endpoint) {
        HttpRequest.Builder request =
                ProbeHttp.request(settings, endpoint).setHeader("Content-Type", "application/json");
        return new NodeLook(request, ProbeHttp.isDirect(request.copy().build().uri()));
    }

    private final class NodeLook implements Look {

        private final HttpRequest.Builder request;
        private final boolean isDirect;
        private long lastId;

        NodeLook(HttpRequest.Builder request, boolean isDirect) {
            this.request = request;
            this.isDirect = isDirect;
        }

        @Override
        public Sight look(Duration timeout) throws Exception {
            long began = System.nanoTime();
            RpcAnswer health = call("getHealth", "[]", timeout);
            long healthNanos = System.nanoTime() - began;
            if (health.error() != null) {
                return new Sight(false, Duration.ofNanos(healthNanos), null, health.error());
            }
            if (!"ok".equals(health.result())) {
                return new Sight(false, Duration.ofNanos(healthNanos), null, "getHealth did not answer ok");
            }
            Duration left = timeout.minusNanos(healthNanos);
            if (left.isNegative()) {
                throw new TimeoutException();
            }
            RpcAnswer slot = call("getSlot", SLOT_PARAMETERS, left);
            long slotNanos = System.nanoTime() - began - healthNanos;
            Duration slowest = Duration.ofNanos(Math.max(healthNanos, slotNanos));
            if (slot.error() != null) {
                return new Sight(false, slowest, null, slot.error());
            }
            Long number = slot.slot();
            return number == null
                    ? new Sight(false, slowest, null, "getSlot did not answer a slot")
                    : new Sight(true, slowest, number, "");
        }

        private RpcAnswer call(String method, String parameters, Duration timeout) throws Exception {
            long id = ++lastId;
            String body = "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":"
                    + parameters + "}";
            HttpRequest post =
                    request.copy().POST(BodyPublishers.ofString(body)).build();
            HttpResponse<byte[]> answer = http.send(post, isDirect, timeout);
            return answer == null ? RpcAnswer.failed(method + ": the answer is over 64 KiB") : read(method, id, answer);
        }

        private static RpcAnswer read(String method, long id, HttpResponse<byte[]> answer) {
            return answer.statusCode() == 200
                    ? RpcAnswer.of(method, id, new String(answer.body(), StandardCharsets.UTF_8))
                    : RpcAnswer.failed(method + ": HTTP " + answer.statusCode());
        }

        @Override
        public void close() {
            // The client is shared.
        }
    }
}
