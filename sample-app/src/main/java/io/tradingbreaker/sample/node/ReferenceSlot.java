package io.tradingbreaker.sample.node;

import io.tradingbreaker.spring.probe.SlotSource;
import java.time.Duration;

/** How far the chain is, according to another node. */
final class ReferenceSlot implements SlotSource, AutoCloseable {

    private final Polled<Long> slot;

    ReferenceSlot(SolanaNode node) {
        slot = new Polled<>("reference-slot", Duration.ofMillis(200), node::slot);
    }

    @Override
    public long newestSlot() {
        Long known = slot.latest();
        return known == null ? -1 : known;
    }

    @Override
    public void close() {
        slot.close();
    }
}
