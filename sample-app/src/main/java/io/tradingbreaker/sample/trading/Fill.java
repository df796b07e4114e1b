package io.tradingbreaker.sample.trading;

import io.tradingbreaker.sample.jupiter.Side;
import io.tradingbreaker.sample.solana.Token;
import java.time.Instant;

/**
 * A trade that was executed.
 *
 * @param units the traded token's smallest units
 * @param micros what was paid or received, in millionths of a dollar
 * @param signature the transaction that did it
 */
public record Fill(String orderId, Token token, Side side, long units, long micros, String signature, Instant at) {}
