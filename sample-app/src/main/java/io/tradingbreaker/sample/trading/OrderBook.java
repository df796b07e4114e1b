package io.tradingbreaker.sample.trading;

import io.tradingbreaker.sample.trading.Order.Status;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** The orders: all that are live, and the latest 500 that have ended. Thread-safe. */
final class OrderBook {

    static final int ENDED_KEPT = 500;
    private static final int MOST = 2 * ENDED_KEPT;

    private final ConcurrentHashMap<String, Entry> entries = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> ended = new ConcurrentLinkedQueue<>();

    void add(Entry entry) {
        if (entries.size() >= MOST) {
            throw new OrderRejectedException("there are too many live orders");
        }
        entries.put(entry.order().id(), entry);
    }

    @Nullable
    Entry find(String id) {
        return entries.get(id);
    }

    /** Newest first. */
    List<Order> orders() {
        return entries.values().stream()
                .map(Entry::order)
                .sorted(Comparator.comparing(Order::at).thenComparing(Order::id).reversed())
                .toList();
    }

    List<Entry> in(Status status) {
        return entries.values().stream()
                .filter(entry -> entry.order().status() == status)
                .toList();
    }

    /** Forgets the eldest ended order when there are too many; to be called once for each that ends. */
    void ended(Entry entry) {
        ended.add(entry.order().id());
        while (ended.size() > ENDED_KEPT) {
            String eldest = ended.poll();
            if (eldest != null) {
                entries.remove(eldest);
            }
        }
    }

    /** A live order with what it has reserved. Its status moves from one value to another by one caller only. */
    static final class Entry {

        private final Portfolio.Reservation reservation;
        private volatile Order order;
        private volatile @Nullable Sent sent;

        Entry(Order order, Portfolio.Reservation reservation) {
            this.order = order;
            this.reservation = reservation;
        }

        Order order() {
            return order;
        }

        Portfolio.Reservation reservation() {
            return reservation;
        }

        /** What was sent last and has not been answered. */
        @Nullable
        Sent sent() {
            return sent;
        }

        void sent(Sent transaction) {
            sent = transaction;
        }

        /** Whether this call moved it. */
        synchronized boolean move(Status from, Status to) {
            if (order.status() != from) {
                return false;
            }
            order = order.as(to);
            return true;
        }

        synchronized void filled(Fill fill) {
            order = order.filled(fill);
        }
    }

    /** A swap on its way: what it will have done if it was executed, and the last block in which it can be. */
    record Sent(Fill fill, long lastValidBlockHeight) {}
}
