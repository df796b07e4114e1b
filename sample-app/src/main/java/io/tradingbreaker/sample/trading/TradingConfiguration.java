package io.tradingbreaker.sample.trading;

import io.tradingbreaker.sample.node.QuoteService;
import io.tradingbreaker.sample.node.SolanaNode;
import io.tradingbreaker.sample.solana.Token;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The desk and who trades at it. */
@Configuration(proxyBeanMethods = false)
class TradingConfiguration {

    @Bean
    Portfolio portfolio(TraderProperties properties) {
        return new Portfolio(Token.USDC.units(properties.cash()));
    }

    @Bean
    TradingDesk tradingDesk(QuoteService quotes, SolanaNode node, Portfolio portfolio) {
        return new TradingDesk(quotes, node, portfolio);
    }

    @Bean
    PaperTrader paperTrader(TraderProperties properties, QuoteService quotes, TradingDesk desk, Portfolio portfolio) {
        return new PaperTrader(properties, quotes, desk, portfolio);
    }
}
