package io.tradingbreaker.sample.node;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.HealthChecker;
import io.tradingbreaker.HealthStatus;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Healthy is a node that says so, answers fast enough, and whose slot moves: a frozen node goes on to answer fast, and
 * with "ok".
 *
 * <p>Each check sees the slot move between two looks of its own. What an earlier check saw proves nothing about now.
 */
final class SolanaHealthChecker implements HealthChecker {

    private static final long PAUSE_MILLIS = 50;

    private final NodeHttp http;
    private final NodeProperties.Health limits;
    private final BreakerClock clock;

    SolanaHealthChecker(NodeHttp http, NodeProperties.Health limits, BreakerClock clock) {
        this.http = http;
        this.limits = limits;
        this.clock = clock;
    }

    @Override
    public boolean supports(String breaker) {
        return breaker.equals("node");
    }

    @Override
    public HealthStatus check() throws InterruptedException {
        Calls calls = new Calls();
        try {
            String health = calls.timed("getHealth", () -> http.rpc("getHealth").asString(""));
            if (!health.equals("ok")) {
                return HealthStatus.unhealthy("getHealth did not answer ok");
            }
            long first = calls.slot();
            long began = clock.nanoTime();
            long slot = first;
            while (slot <= first
                    && clock.nanoTime() - began < limits.slotPatience().toNanos()) {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                slot = calls.slot();
            }
            return slot > first ? calls.healthy(first, slot) : calls.stoodStill(slot);
        } catch (RpcException e) {
            return HealthStatus.unhealthy(e.isUnhealthy() ? behind(e) : String.valueOf(e.getMessage()));
        } catch (NodeException e) {
            return HealthStatus.unhealthy(String.valueOf(e.getMessage()));
        }
    }

    private static String behind(RpcException e) {
        Long slots = e.slotsBehind();
        return slots == null
                ? "the node is unhealthy and does not say how far behind"
                : "the node is " + slots + " slots behind";
    }

    /** The calls of one check. */
    private final class Calls {

        private long slowestNanos;

        <T> T timed(String method, Supplier<T> call) {
            long began = clock.nanoTime();
            T result = call.get();
            Duration took = Duration.ofNanos(clock.nanoTime() - began);
            slowestNanos = Math.max(slowestNanos, took.toNanos());
            if (took.compareTo(limits.latencyLimit()) > 0) {
                throw new NodeException(
                        method + " took " + took.toMillis() + " ms, the limit is "
                                + limits.latencyLimit().toMillis() + " ms",
                        null);
            }
            return result;
        }

        long slot() {
            return timed(
                    "getSlot",
                    () -> http.rpc("getSlot", Map.of("commitment", "processed")).asLong(0));
        }

        HealthStatus healthy(long first, long slot) {
            Duration slowest = Duration.ofNanos(slowestNanos);
            return HealthStatus.healthy(
                    slowest,
                    "slowest call " + slowest.toMillis() + " ms, slot " + slot + ", " + (slot - first) + " on");
        }

        HealthStatus stoodStill(long slot) {
            String details =
                    "slot " + slot + " stood still for " + limits.slotPatience().toMillis() + " ms";
            return new HealthStatus(false, Duration.ofNanos(slowestNanos), null, details);
        }
    }
}
