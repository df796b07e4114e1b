package io.tradingbreaker.spring.probe;

/**
 * Knows the newest slot of the chain from elsewhere, such as a stream. The probes that know slots measure their lag against
 * the best of all beans of this type. Called often, on the probes' threads: it must be thread-safe and must not block.
 */
@FunctionalInterface
public interface SlotSource {

    /** The newest slot known; negative while none is. */
    long newestSlot();
}
