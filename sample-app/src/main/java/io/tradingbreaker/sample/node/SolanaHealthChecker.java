package io.tradingbreaker.sample.node;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.HealthChecker;
import io.tradingbreaker.HealthStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Healthy is a node that says so, answers fast enough, whose slot moves, by one at a time, and is not behind the other
 * nodes'. A frozen node goes on to answer fast, and with "ok"; a cache stands still and then jumps.
 *
 * <p>Each check sees the slot move between two looks of its own. What an earlier check saw proves nothing about now.
 */
final class SolanaHealthChecker implements HealthChecker {

    private static final long PAUSE_MILLIS = 50;
    private static final int LARGEST_JUMP = 3;

    private final RpcClient node;
    private final List<RpcClient> others;
    private final NodeProperties.Health limits;
    private final BreakerClock clock;

    /** @param nodes the one that is checked, then those that it is held against */
    SolanaHealthChecker(List<RpcClient> nodes, NodeProperties.Health limits, BreakerClock clock) {
        node = nodes.get(0);
        others = nodes.subList(1, nodes.size());
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
            String health =
                    calls.timed("getHealth", () -> node.call("getHealth").asString(""));
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
            return calls.judged(first, slot, bestOfOthers() - slot);
        } catch (NodeException e) {
            return HealthStatus.unhealthy(String.valueOf(e.getMessage()));
        }
    }

    /** 0 if no other node answers: then nobody knows. */
    private long bestOfOthers() {
        long best = 0;
        for (RpcClient other : others) {
            try {
                best = Math.max(best, slotOf(other));
            } catch (NodeException e) {
                // Another one may answer.
            }
        }
        return best;
    }

    private static long slotOf(RpcClient node) {
        return node.call("getSlot", Map.of("commitment", "processed")).asLong(0);
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
                throw new NodeException(method + " took " + took.toMillis() + " ms, the limit is "
                        + limits.latencyLimit().toMillis() + " ms");
            }
            return result;
        }

        long slot() {
            return timed("getSlot", () -> slotOf(node));
        }

        HealthStatus judged(long first, long slot, long lag) {
            if (slot <= first) {
                return unhealthy("slot " + slot + " stood still for "
                        + limits.slotPatience().toMillis() + " ms");
            }
            if (slot - first > LARGEST_JUMP) {
                return unhealthy("slot " + first + " stood still and jumped by " + (slot - first));
            }
            if (lag > limits.maxSlotLag()) {
                return unhealthy("slot " + slot + " is " + lag + " behind another node's");
            }
            Duration slowest = Duration.ofNanos(slowestNanos);
            return HealthStatus.healthy(
                    slowest,
                    "slowest call " + slowest.toMillis() + " ms, slot " + slot + ", " + (slot - first) + " on");
        }

        private HealthStatus unhealthy(String details) {
            return new HealthStatus(false, Duration.ofNanos(slowestNanos), null, details);
        }
    }
}
