package io.tradingbreaker.spring.probe;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The slots that one endpoint has shown, and what they prove. Only a slot above all before it is progress; where a load
 * balancer alternates between nodes, the slower one proves nothing. A slot that is farther from the others than
 * a chain can have moved is no progress either, nor is one so far ahead that what stood there until now was too old, as behind
 * a cache: from there it has to advance anew.
 *
 * <p>Thread-safe. Times are nanoseconds of one monotonic clock.
 */
final class SlotTrack {

    /** A chain makes 2.5 slots a second; a node that catches up shows more. */
    private static final long MOST_PER_SECOND = 10;

    private static final long LARGEST_STEP = 64;
    private static final long SLOT_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

    private final long maxAge;
    private boolean isKnown;
    private long highest;
    /** When the highest slot was first and last seen. */
    private long highestSince;

    private long highestUntil;
    private long lastSeen;
    /** Whether the highest slot was seen to follow another one, so that its age is known. */
    private boolean hasComeHere;

    private boolean hasAdvanced;
    /** The highest slot cannot have been shown before this time: one below it was. */
    private long newerThan;

    SlotTrack(Duration maxAge) {
        this.maxAge = maxAge.toNanos();
    }

    /**
     * Takes in a slot.
     *
     * @param asked when the endpoint was asked for it
     * @return whether it is one that the endpoint can have come to since it was seen last
     */
    synchronized boolean see(long slot, long asked) {
        boolean isPlausible = !isKnown || Math.abs(slot - highest) <= reach(asked);
        if (!isKnown || !isPlausible) {
            isKnown = true;
            hasComeHere = false;
            hasAdvanced = false;
            highest = slot;
            highestSince = asked;
            highestUntil = asked;
        } else if (slot > highest) {
            // Of a chain with faster slots that leaps, the one before must have come and gone before our eyes.
            boolean isStep = slot - highest <= 1 + maxAge / SLOT_NANOS;
            hasAdvanced = isStep || (hasComeHere && asked - newerThan <= maxAge);
            hasComeHere = true;
            newerThan = highestUntil;
            highest = slot;
            highestSince = asked;
            highestUntil = asked;
        } else if (slot == highest) {
            highestUntil = asked;
        }
        lastSeen = asked;
        return isPlausible;
    }

    private long reach(long now) {
        return LARGEST_STEP + TimeUnit.NANOSECONDS.toSeconds(Math.max(0, now - lastSeen) * MOST_PER_SECOND);
    }

    /** Whether it is proven that the slot advanced within the last {@code max-slot-age}. */
    synchronized boolean isFresh(long now) {
        return hasAdvanced && now - newerThan <= maxAge;
    }

    /** How long the highest slot has been there. */
    synchronized long standsFor(long now) {
        return isKnown ? now - highestSince : 0;
    }

    /**
     * The highest slot as a measure of others; negative if it is none. One that was never seen to advance is believed for
     * {@code max-slot-age} only: it may be garbage.
     */
    synchronized long best(long now) {
        return isKnown && (hasAdvanced || now - highestSince <= maxAge) ? highest : -1;
    }
}
