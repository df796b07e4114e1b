package io.tradingbreaker;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The percentile rule by definition: sorted arrays, decimal fractions and sums, none of them fast. */
final class Oracle {

    private static final MathContext PRECISE = new MathContext(60);
    // Sums that are equal but for the rounding of their 60 digits are equal.
    private static final MathContext ROUNDED = new MathContext(50);
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private static final Map<Judged, Integer> ALLOWED = new ConcurrentHashMap<>();

    private Oracle() {}

    /** ⌈p·m/100⌉, from 1. */
    static int rank(double percentile, int m) {
        return decimal(percentile)
                .multiply(BigDecimal.valueOf(m))
                .divide(HUNDRED, 0, RoundingMode.CEILING)
                .intValueExact();
    }

    /** The percentile by nearest rank of the samples and as many zeros as they are short of {@code minimum}. */
    static long percentile(double percentile, long[] samples, int minimum) {
        long[] padded = new long[Math.max(samples.length, minimum)];
        Arrays.fill(padded, Long.MIN_VALUE);
        System.arraycopy(samples, 0, padded, 0, samples.length);
        Arrays.sort(padded);
        return padded[rank(percentile, padded.length) - 1];
    }

    /** Whether the percentile is over the threshold and, with a confidence, surely so. */
    static boolean isOver(double percentile, Double confidence, int minimum, long[] samples, long threshold) {
        if (percentile(percentile, samples, minimum) <= threshold) {
            return false;
        }
        long over = Arrays.stream(samples).filter(s -> s > threshold).count();
        return confidence == null || over > quantile(Math.max(samples.length, minimum), percentile, confidence);
    }

    /** The most samples over the threshold that do not trip a window of n. */
    static int allowed(double percentile, Double confidence, int minimum, int n) {
        return ALLOWED.computeIfAbsent(new Judged(percentile, confidence, Math.max(n, minimum)), judged -> {
            int plain = judged.samples - rank(percentile, judged.samples);
            return confidence == null ? plain : Math.max(plain, quantile(judged.samples, percentile, confidence));
        });
    }

    private record Judged(double percentile, Double confidence, int samples) {}

    /** The smallest k with P(Bin(m, 1 − p/100) ≤ k) ≥ c, added up from 0 in 60 decimal digits. */
    static int quantile(int m, double percentile, double confidence) {
        BigDecimal p = decimal(percentile).divide(HUNDRED, PRECISE);
        BigDecimal q = BigDecimal.ONE.subtract(p);
        if (q.signum() == 0) {
            return 0;
        }
        BigDecimal odds = q.divide(p, PRECISE);
        BigDecimal term = p.pow(m, PRECISE);
        BigDecimal sum = term;
        int k = 0;
        while (sum.round(ROUNDED).compareTo(decimal(confidence)) < 0) {
            k++;
            BigDecimal ways = BigDecimal.valueOf(m - k + 1L).divide(BigDecimal.valueOf(k), PRECISE);
            term = term.multiply(odds, PRECISE).multiply(ways, PRECISE);
            sum = sum.add(term, PRECISE);
        }
        return k;
    }

    private static BigDecimal decimal(double number) {
        return new BigDecimal(Double.toString(number));
    }
}
