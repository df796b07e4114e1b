package io.tradingbreaker;

import org.jspecify.annotations.Nullable;

/**
 * How many samples of a window may be over the threshold before the percentile is.
 *
 * <p>The p-th percentile by nearest rank is the ⌈p·m/100⌉-th smallest of m samples. It is over the threshold exactly if
 * more than m − ⌈p·m/100⌉ samples are, so a count decides, with no sort. A window of fewer than {@code minimum-samples}
 * is judged as if the missing ones were fast. With a confidence c the count must also exceed the smallest k with
 * P(Bin(m, 1 − p/100) > k) ≤ 1 − c, the one-sided binomial test. Thread-safe.
 */
final class AllowedOver {

    private final long thousandths;
    private final int minimumSamples;
    private final @Nullable BinomialTest test;

    AllowedOver(BreakerConfig config) {
        thousandths = Math.round(config.percentile() * 1000);
        minimumSamples = config.minimumSamples();
        Double confidence = config.confidence();
        test = confidence == null
                ? null
                : new BinomialTest(1 - config.percentile() / 100, 1 - confidence, config.windowSize());
    }

    /** The samples that a window of n is judged as. */
    int judgedAs(int n) {
        return Math.max(n, minimumSamples);
    }

    /** ⌈p·m/100⌉, in integer arithmetic. */
    int rank(int m) {
        return (int) ((thousandths * m + 99_999) / 100_000);
    }

    /** The largest number of samples over the threshold that does not trip a window of n. */
    int of(int n) {
        int m = judgedAs(n);
        int allowed = m - rank(m);
        return test == null ? allowed : Math.max(allowed, test.allowed(m));
    }

    /** Upper quantiles of the binomial distribution, each computed when first asked for. */
    private static final class BinomialTest {

        private final double q;
        private final double tail;
        private final double[] logFactorial;
        private final int[] known;

        BinomialTest(double q, double tail, int most) {
            this.q = q;
            // What is equal but for rounding is equal: P(Bin(7, 0.5) > 3) is one half.
            this.tail = tail * (1 + 1e-9);
            logFactorial = new double[most + 1];
            for (int i = 1; i <= most; i++) {
                logFactorial[i] = logFactorial[i - 1] + Math.log(i);
            }
            known = new int[most + 1];
        }

        /** The smallest k with P(Bin(m, q) > k) ≤ tail. A race computes the same value twice. */
        int allowed(int m) {
            int k = known[m] - 1;
            if (k < 0) {
                k = compute(m);
                known[m] = k + 1;
            }
            return k;
        }

        private int compute(int m) {
            if (q <= 0) {
                return 0;
            }
            // Added up from the far end, so that the small terms are not lost; what lies 12 sigma out is nothing.
            double beyond = 0;
            int farEnd = (int) Math.min(m, m * q + 12 * Math.sqrt(m * q * (1 - q)) + 40);
            for (int k = farEnd; k > 0; k--) {
                double next = beyond + probability(m, k);
                if (next > tail) {
                    return k;
                }
                beyond = next;
            }
            return 0;
        }

        private double probability(int m, int k) {
            return Math.exp(logFactorial[m]
                    - logFactorial[k]
                    - logFactorial[m - k]
                    + k * Math.log(q)
                    + (m - k) * Math.log1p(-q));
        }
    }
}
