package io.tradingbreaker.sample.web;

import io.tradingbreaker.sample.node.SlotStream;
import io.tradingbreaker.sample.solana.Token;
import io.tradingbreaker.sample.trading.Portfolio;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The portfolio as it is shown, in dollars and whole tokens.
 *
 * @param reconciles whether cash and positions are exactly what the fills have made of them
 * @param latestFills newest first
 * @param slotStream what the node's slot stream has shown; null without one
 */
record PortfolioView(
        BigDecimal startCash,
        BigDecimal cash,
        BigDecimal reservedCash,
        Map<String, PositionView> positions,
        long fills,
        boolean reconciles,
        List<FillView> latestFills,
        SlotStream.@Nullable Status slotStream) {

    static PortfolioView of(Portfolio.View view, SlotStream.@Nullable Status slotStream) {
        Map<String, PositionView> positions = new LinkedHashMap<>();
        view.positions().forEach((token, position) -> positions.put(token.name(), PositionView.of(token, position)));
        return new PortfolioView(
                Token.USDC.amount(view.startMicros()),
                Token.USDC.amount(view.cashMicros()),
                Token.USDC.amount(view.reservedMicros()),
                positions,
                view.fillCount(),
                view.reconciles(),
                view.fills().stream()
                        .map(fill -> new FillView(
                                fill.orderId(),
                                fill.token().name(),
                                fill.side().name(),
                                fill.token().amount(fill.units()),
                                Token.USDC.amount(fill.micros()),
                                fill.signature(),
                                fill.at()))
                        .toList(),
                slotStream);
    }

    record PositionView(
            BigDecimal quantity,
            BigDecimal reserved,
            BigDecimal bought,
            BigDecimal sold,
            BigDecimal paid,
            BigDecimal received) {

        static PositionView of(Token token, Portfolio.Position position) {
            return new PositionView(
                    token.amount(position.units()),
                    token.amount(position.reserved()),
                    token.amount(position.boughtUnits()),
                    token.amount(position.soldUnits()),
                    Token.USDC.amount(position.paidMicros()),
                    Token.USDC.amount(position.receivedMicros()));
        }
    }

    record FillView(
            String orderId,
            String symbol,
            String side,
            BigDecimal quantity,
            BigDecimal value,
            String signature,
            Instant at) {}
}
