package io.tradingbreaker;

import java.util.ArrayDeque;
import java.util.Deque;

/** The last samples of a stay, as a list, and their shares. */
final class ModelWindow {

    final Deque<Sample> samples = new ArrayDeque<>();
    private BreakerConfig config;
    private final ModelTime time;
    private long overNanos;

    ModelWindow(BreakerConfig config, ModelTime time) {
        this.config = config;
        this.time = time;
    }

    /** The samples so far, as far as they fit, under other limits. */
    void tune(BreakerConfig next, long over) {
        trim();
        config = next;
        overNanos = over;
        samples.forEach(sample -> sample.isOver = sample.known > over);
        trim();
    }

    /** The latency of a sample is known better. Returns whether it is over only now. */
    boolean amend(Sample sample, long nanos) {
        boolean wasOver = sample.isOver;
        sample.nanos = nanos;
        sample.known = nanos;
        sample.isOver = nanos > overNanos;
        return sample.isOver && !wasOver;
    }

    Sample enter(long nanos, boolean isFailed) {
        Sample sample = new Sample(time.now(), nanos, nanos > overNanos, isFailed);
        samples.addLast(sample);
        trim();
        return sample;
    }

    /** The last so many that are not too old. */
    void trim() {
        while (!samples.isEmpty() && (size() > config.windowSize() || age(samples.peekFirst()) > longest())) {
            samples.removeFirst();
        }
    }

    private long age(Sample sample) {
        return time.now() - sample.entered;
    }

    private long longest() {
        return config.windowAge().toNanos();
    }

    boolean contains(Sample sample) {
        return samples.contains(sample);
    }

    int size() {
        return samples.size();
    }

    int over() {
        int over = 0;
        for (Sample sample : samples) {
            over += sample.isOver ? 1 : 0;
        }
        return over;
    }

    int allowed() {
        return Oracle.allowed(config.percentile(), config.confidence(), config.minimumSamples(), size());
    }

    double errorRate() {
        long failed = samples.stream().filter(sample -> sample.isFailed).count();
        return (double) failed / Math.max(size(), config.minimumSamples());
    }

    void clear() {
        samples.clear();
    }

    /** What is kept of a call. */
    static final class Sample {
        final long entered;
        boolean isOver;
        /** With its age so far, for a call in flight that has been looked at. */
        long nanos;
        /** When it entered or was amended. */
        long known;

        boolean isFailed;

        Sample(long entered, long nanos, boolean isOver, boolean isFailed) {
            this.entered = entered;
            this.nanos = nanos;
            this.known = nanos;
            this.isOver = isOver;
            this.isFailed = isFailed;
        }
    }
}
