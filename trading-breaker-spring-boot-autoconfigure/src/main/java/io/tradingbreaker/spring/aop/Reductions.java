package io.tradingbreaker.spring.aop;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.CallObserver;
import io.tradingbreaker.Intent;
import io.tradingbreaker.Permit;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.TradingPausedException;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds calls that reduce a position against that position and against those of their kind that are in flight. A call
 * that would take more off than there is, or of which that is not known, is no reduction: it opens risk.
 *
 * <p>The {@link PositionView} is asked only while a level of the breaker is not CLOSED, or the call's key is refused for want of room, and after the call has taken its
 * place among those in flight: whatever ended before that is in the position, whatever has not is counted, and so calls
 * together never take off more than there was. A call that a trip overtakes while it is let in is asked about after it.
 *
 * <p>Thread-safe; holds no lock while the view is asked.
 */
public final class Reductions {

    private static final Logger log = LoggerFactory.getLogger("io.tradingbreaker.spring");
    private static final long WARNING_INTERVAL_NANOS = 10_000_000_000L;

    private final Supplier<@Nullable PositionView> lookup;
    private final Supplier<BreakerClock> clock;
    // Each in the order in which calls began; changed inside compute only.
    private final Map<Key, Set<Ticket>> inFlight = new ConcurrentHashMap<>();
    private volatile @Nullable PositionView view;
    private volatile boolean isLookedUp;
    private volatile long warnedNanos;

    /**
     * @param view null if there is none; asked for once, no earlier than the first call that marks a quantity or the end
     *     of the start
     * @param clock tells how old a call is: one that never ends is given up after the breaker's {@code permit-timeout}
     */
    public Reductions(Supplier<@Nullable PositionView> view, Supplier<BreakerClock> clock) {
        this.lookup = view;
        this.clock = clock;
    }

    /** Whether marked quantities are held against anything. */
    boolean areChecked() {
        return view() != null;
    }

    /**
     * A call's place among those in flight; null if it marks no quantity, or there is no view.
     *
     * @param hasNoRoom whether the breaker refuses what opens risk though it is CLOSED, as there is none for the call's key
     */
    @Nullable
    Ticket begin(Guard guard, TradingBreaker breaker, boolean hasNoRoom, @Nullable Object[] arguments) {
        Reduction reduction = guard.reduction();
        PositionView positions = reduction == null ? null : view();
        if (reduction == null || positions == null) {
            return null;
        }
        String instrument = reduction.instrumentOf(arguments);
        Ticket ticket = new Ticket(
                positions,
                breaker,
                hasNoRoom,
                // The breaker of the annotation: calls of different keys take from the same position.
                instrument == null ? null : new Key(guard.breaker(), instrument),
                reduction.quantityOf(arguments),
                now());
        ticket.add();
        return ticket;
    }

    /** Whether every level is CLOSED. */
    static boolean isTrading(TradingBreaker breaker) {
        for (TradingBreaker level = breaker; level != null; level = level.parent()) {
            if (level.state() != BreakerState.CLOSED) {
                return false;
            }
        }
        return true;
    }

    private @Nullable PositionView view() {
        if (!isLookedUp) {
            view = lookup.get();
            isLookedUp = true;
        }
        return view;
    }

    private long now() {
        return clock.get().nanoTime();
    }

    /** The eldest come first. */
    private static void forgetLost(Set<Ticket> tickets, long nowNanos) {
        Iterator<Ticket> eldest = tickets.iterator();
        while (eldest.hasNext() && eldest.next().isLost(nowNanos)) {
            eldest.remove();
        }
    }

    private void warn(String breaker, Throwable failure) {
        long now = now();
        long last = warnedNanos;
        if (last == 0 || now - last > WARNING_INTERVAL_NANOS) {
            warnedNanos = now == 0 ? 1 : now;
            log.warn("The PositionView failed: calls of breaker '{}' are no reductions", breaker, failure);
        }
    }

    /** One call. Run it when the call has ended; again does nothing. */
    final class Ticket implements Runnable {

        private final PositionView positions;
        private final TradingBreaker breaker;
        private final boolean hasNoRoom;
        private final @Nullable Key key;
        private final @Nullable BigDecimal quantity;
        private final long beganNanos;

        private Ticket(
                PositionView positions,
                TradingBreaker breaker,
                boolean hasNoRoom,
                @Nullable Key key,
                @Nullable BigDecimal quantity,
                long beganNanos) {
            this.positions = positions;
            this.breaker = breaker;
            this.hasNoRoom = hasNoRoom;
            this.key = key;
            this.quantity = quantity;
            this.beganNanos = beganNanos;
        }

        /** The call's permit, as {@link #acquire(Permit, CallObserver.Origin)} gives it to a call on this thread. */
        Permit acquire(@Nullable Permit within) {
            return acquire(within, CallObserver.Origin.THREAD);
        }

        /**
         * The call's permit. Without one, the ticket is given back.
         *
         * @throws TradingPausedException if the call is refused
         */
        Permit acquire(@Nullable Permit within, CallObserver.Origin origin) {
            boolean wasTrading = !hasNoRoom && isTrading(breaker);
            String shortfall = null;
            try {
                shortfall = wasTrading ? null : shortfall();
                Permit permit = breaker.acquire(intent(shortfall), within, origin);
                if (wasTrading && !isTrading(breaker)) {
                    shortfall = shortfall();
                    if (shortfall != null) {
                        permit.discarded(); // It may have passed a pause as what it is not.
                        permit = breaker.acquire(intent(shortfall), within, origin);
                    }
                }
                return permit;
            } catch (TradingPausedException refusal) {
                run();
                throw shortfall == null
                        ? refusal
                        : refusal.with(
                                (hasNoRoom ? "max-keys are in use, " : "") + "not taken for a reduction: " + shortfall);
            } catch (Throwable e) {
                run();
                throw e;
            }
        }

        /** Ends with the stage. Returns false if that takes no listener: then nobody will tell. */
        boolean endsWith(CompletionStage<?> stage) {
            try {
                stage.whenComplete((value, error) -> run());
                return true;
            } catch (Throwable e) {
                return false;
            }
        }

        /** Whether it is given up, the call having begun too long ago. */
        boolean isLost() {
            return isLost(now());
        }

        @Override
        public void run() {
            if (key != null) {
                inFlight.computeIfPresent(key, (same, tickets) -> {
                    tickets.remove(this);
                    return tickets.isEmpty() ? null : tickets;
                });
            }
        }

        private void add() {
            if (key != null && quantity != null) {
                inFlight.compute(key, (same, known) -> {
                    Set<Ticket> tickets = known == null ? new LinkedHashSet<>() : known;
                    forgetLost(tickets, beganNanos);
                    tickets.add(this);
                    return tickets;
                });
            }
        }

        private boolean isLost(long nowNanos) {
            return nowNanos - beganNanos > breaker.config().permitTimeout().toNanos();
        }

        /** Why this is no reduction; null if it is one. */
        private @Nullable String shortfall() {
            if (quantity == null || key == null) {
                return quantity == null ? "its quantity is no positive number" : "its instrument is not known";
            }
            BigDecimal ahead = ahead(key);
            while (true) {
                BigDecimal position = position(key);
                if (position == null) {
                    return "the position in " + key.instrument + " is not known";
                }
                if (ahead.add(quantity).compareTo(position.abs()) <= 0) {
                    return null;
                }
                BigDecimal still = ahead(key);
                if (still.compareTo(ahead) == 0) {
                    return quantity + (ahead.signum() == 0 ? "" : " with " + ahead + " in flight")
                            + " is more than the position of " + position + " in " + key.instrument;
                }
                ahead = still; // Some of it has ended, and may have been in flight and in the position.
            }
        }

        private @Nullable BigDecimal position(Key of) {
            try {
                return positions.position(of.breaker, of.instrument);
            } catch (Throwable e) {
                warn(of.breaker, e);
                return null;
            }
        }

        /** What calls that began before this one take off. */
        private BigDecimal ahead(Key of) {
            BigDecimal[] sum = {BigDecimal.ZERO};
            long now = now();
            inFlight.computeIfPresent(of, (same, tickets) -> {
                for (Ticket ticket : tickets) {
                    if (ticket == this) {
                        break;
                    }
                    if (ticket.quantity != null && !ticket.isLost(now)) {
                        sum[0] = sum[0].add(ticket.quantity);
                    }
                }
                return tickets;
            });
            return sum[0];
        }

        private static Intent intent(@Nullable String shortfall) {
            return shortfall == null ? Intent.REDUCE : Intent.OPEN_RISK;
        }
    }

    private record Key(String breaker, String instrument) {}
}
