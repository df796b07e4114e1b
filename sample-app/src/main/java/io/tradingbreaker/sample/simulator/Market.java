package io.tradingbreaker.sample.simulator;

import io.tradingbreaker.sample.solana.Token;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prices that move with the slot, and quotes on them in Jupiter's form. Thread-safe; the same slot has the same price. */
final class Market {

    private static final long MOST_UNITS = 1_000_000_000_000_000L;
    private static final BigInteger TEN_THOUSAND = BigInteger.valueOf(10_000);
    private static final int HALF_SPREAD_BPS = 5;

    /**
     * A quote.
     *
     * @param query inputMint, outputMint, amount, slippageBps (50 if absent), swapMode (ExactIn if absent)
     * @throws QuoteError if there is none
     */
    Map<String, Object> quote(Map<String, String> query, long slot) {
        Token in = token(query, "inputMint");
        Token out = token(query, "outputMint");
        long amount = number(query, "amount", null, 1, MOST_UNITS);
        long slippageBps = number(query, "slippageBps", "50", 0, 10_000);
        boolean isExactIn = switch (query.getOrDefault("swapMode", "ExactIn")) {
            case "ExactIn" -> true;
            case "ExactOut" -> false;
            default -> throw new QuoteError("swapMode must be ExactIn or ExactOut", "INVALID_REQUEST");
        };
        if ((in == Token.USDC) == (out == Token.USDC)) {
            throw new QuoteError("Could not find any route", "COULD_NOT_FIND_ANY_ROUTE");
        }
        BigInteger given = BigInteger.valueOf(amount);
        BigInteger other = other(in, out, given, isExactIn, slot);
        if (other.signum() == 0 || other.bitLength() > 62) {
            throw new QuoteError("Could not find any route", "COULD_NOT_FIND_ANY_ROUTE");
        }
        BigInteger worst = isExactIn
                ? other.multiply(BigInteger.valueOf(10_000 - slippageBps)).divide(TEN_THOUSAND)
                : divideUp(other.multiply(BigInteger.valueOf(10_000 + slippageBps)), TEN_THOUSAND);
        return answer(
                in, out, isExactIn ? given : other, isExactIn ? other : given, worst, isExactIn, slippageBps, slot);
    }

    /** Price of a whole token in millionths of a dollar, 2 % around its base in a cycle of about 100 s. */
    private static long midMicros(Token token, long slot) {
        double base = token == Token.SOL ? 150e6 : 0.85e6;
        double cycle = 0.02 * Math.sin(slot / 40.0 + token.decimals());
        long hashed = (slot * 31 + token.decimals()) * 0x9E3779B97F4A7C15L;
        double noise = 0.001 * (hashed >> 11) / (1L << 52);
        return Math.round(base * (1 + cycle + noise));
    }

    /** What must be given for {@code amount}, rounded up, or what is got for it, rounded down. */
    private static BigInteger other(Token in, Token out, BigInteger amount, boolean isExactIn, long slot) {
        Token traded = in == Token.USDC ? out : in;
        BigInteger one = BigInteger.TEN.pow(traded.decimals());
        int bps = 10_000 + (in == Token.USDC ? HALF_SPREAD_BPS : -HALF_SPREAD_BPS);
        BigInteger price = BigInteger.valueOf(midMicros(traded, slot) * bps / 10_000);
        boolean isTimesPrice = (in == Token.USDC) != isExactIn;
        BigInteger product = amount.multiply(isTimesPrice ? price : one);
        BigInteger divisor = isTimesPrice ? one : price;
        return isExactIn ? product.divide(divisor) : divideUp(product, divisor);
    }

    private static BigInteger divideUp(BigInteger dividend, BigInteger divisor) {
        return dividend.add(divisor).subtract(BigInteger.ONE).divide(divisor);
    }

    private static Map<String, Object> answer(
            Token in,
            Token out,
            BigInteger inAmount,
            BigInteger outAmount,
            BigInteger worst,
            boolean isExactIn,
            long slippageBps,
            long slot) {
        Map<String, Object> swap = new LinkedHashMap<>();
        swap.put("ammKey", "PaperPoo1111111111111111111111111111111111");
        swap.put("label", "Paper");
        swap.put("inputMint", in.mint());
        swap.put("outputMint", out.mint());
        swap.put("inAmount", inAmount.toString());
        swap.put("outAmount", outAmount.toString());
        swap.put("feeAmount", "0");
        swap.put("feeMint", in.mint());
        Map<String, Object> quote = new LinkedHashMap<>();
        quote.put("inputMint", in.mint());
        quote.put("inAmount", inAmount.toString());
        quote.put("outputMint", out.mint());
        quote.put("outAmount", outAmount.toString());
        quote.put("otherAmountThreshold", worst.toString());
        quote.put("swapMode", isExactIn ? "ExactIn" : "ExactOut");
        quote.put("slippageBps", slippageBps);
        quote.put("priceImpactPct", "0");
        quote.put("routePlan", List.of(Map.of("swapInfo", swap, "percent", 100)));
        quote.put("contextSlot", slot);
        return quote;
    }

    private static Token token(Map<String, String> query, String name) {
        String mint = query.getOrDefault(name, "");
        return Token.ofMint(mint)
                .orElseThrow(() -> new QuoteError("The " + name + " is not tradable", "TOKEN_NOT_TRADABLE"));
    }

    private static long number(Map<String, String> query, String name, @Nullable String absent, long least, long most) {
        String text = query.getOrDefault(name, absent == null ? "" : absent);
        try {
            long value = Long.parseLong(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number out of range.
        }
        throw new QuoteError(name + " must be a whole number from " + least + " to " + most, "INVALID_REQUEST");
    }

    /** Why there is no quote: answered with HTTP 400. */
    static final class QuoteError extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final String code;

        QuoteError(String message, String code) {
            super(message, null, false, false);
            this.code = code;
        }

        Map<String, Object> body() {
            return Map.of("error", String.valueOf(getMessage()), "errorCode", code);
        }
    }
}
