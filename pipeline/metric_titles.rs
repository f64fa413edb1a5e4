//! The titles of metrics of places in the languages of figures.

use flowatlas_map::words::Language;
use flowatlas_network::place_metrics;

/// Id, Spanish and French title of every metric of places, in the order of the catalogue, which has the English ones.
const TITLES: &[[&str; 3]] = &[
    ["in_strength", "Entradas", "Entrées"],
    ["out_strength", "Salidas", "Sorties"],
    ["net", "Saldo", "Solde"],
    ["turnover", "Entradas y salidas", "Entrées et sorties"],
    ["effectiveness", "Eficacia", "Efficacité"],
    ["in_rate", "Tasa de entrada", "Taux d’entrée"],
    ["out_rate", "Tasa de salida", "Taux de sortie"],
    ["net_rate", "Tasa neta", "Taux net"],
    ["gini_in", "Índice de Gini de los flujos, entradas", "Indice de Gini des flux, entrées"],
    ["gini_out", "Índice de Gini de los flujos, salidas", "Indice de Gini des flux, sorties"],
    ["cv_in", "Coeficiente de variación, entradas", "Coefficient de variation, entrées"],
    ["cv_out", "Coeficiente de variación, salidas", "Coefficient de variation, sorties"],
    ["concentration_in", "Concentración (HHI), entradas", "Concentration (HHI), entrées"],
    ["concentration_out", "Concentración (HHI), salidas", "Concentration (HHI), sorties"],
    ["evenness_in", "Equitatividad, entradas", "Équitabilité, entrées"],
    ["evenness_out", "Equitatividad, salidas", "Équitabilité, sorties"],
    ["distance_mean_in", "Distancia media, entradas", "Distance moyenne, entrées"],
    ["distance_mean_out", "Distancia media, salidas", "Distance moyenne, sorties"],
    ["in_degree", "Orígenes", "Origines"],
    ["out_degree", "Destinos", "Destinations"],
    ["betweenness", "Intermediación", "Intermédiarité"],
    ["harmonic_in", "Cercanía armónica, entradas", "Proximité harmonique, entrées"],
    ["harmonic_out", "Cercanía armónica, salidas", "Proximité harmonique, sorties"],
    ["closeness_in", "Cercanía, entradas", "Proximité, entrées"],
    ["closeness_out", "Cercanía, salidas", "Proximité, sorties"],
    ["hop_betweenness", "Intermediación por pasos", "Intermédiarité par pas"],
    ["hop_harmonic_in", "Cercanía armónica por pasos, entradas", "Proximité harmonique par pas, entrées"],
    ["hop_harmonic_out", "Cercanía armónica por pasos, salidas", "Proximité harmonique par pas, sorties"],
    ["hop_closeness_in", "Cercanía por pasos, entradas", "Proximité par pas, entrées"],
    ["hop_closeness_out", "Cercanía por pasos, salidas", "Proximité par pas, sorties"],
    ["betweenness_sampled", "Intermediación, estimada", "Intermédiarité, estimée"],
    ["betweenness_error", "Cota del error", "Borne de l’erreur"],
    ["pagerank", "PageRank", "PageRank"],
    ["eigenvector", "Centralidad de vector propio", "Centralité de vecteur propre"],
    ["hub", "Puntuación de hub (HITS)", "Score de hub (HITS)"],
    ["authority", "Puntuación de autoridad (HITS)", "Score d’autorité (HITS)"],
    ["katz", "Centralidad de Katz", "Centralité de Katz"],
    ["clustering", "Agrupamiento", "Clustering"],
    ["clustering_cycle", "Agrupamiento, ciclos", "Clustering, cycles"],
    ["clustering_middleman", "Agrupamiento, intermediario", "Clustering, intermédiaire"],
    ["clustering_in", "Agrupamiento, entradas", "Clustering, entrées"],
    ["clustering_out", "Agrupamiento, salidas", "Clustering, sorties"],
    ["core_in", "Núcleo, entradas", "Cœur, entrées"],
    ["core_out", "Núcleo, salidas", "Cœur, sorties"],
    ["core", "Núcleo", "Cœur"],
    ["strength_core", "Núcleo por fuerza", "Cœur par force"],
    ["community", "Comunidad", "Communauté"],
    ["community_stability", "Estabilidad de la comunidad", "Stabilité de la communauté"],
];

/// Returns the title of a metric of places in a language; `None` where there is no such metric.
pub(crate) fn metric_title(id: &str, language: Language) -> Option<&'static str> {
    let translated = || TITLES.iter().find(|[known, ..]| *known == id);
    match language {
        Language::English => place_metrics().find(|metric| metric.id == id).map(|metric| metric.title),
        Language::Spanish => translated().map(|[_, spanish, _]| *spanish),
        Language::French => translated().map(|[.., french]| *french),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_of_places_has_a_title_in_every_language() {
        let ids: Vec<&str> = place_metrics().map(|metric| metric.id).collect();
        assert_eq!(TITLES.iter().map(|[id, ..]| *id).collect::<Vec<_>>(), ids);
        assert_eq!(metric_title("community", Language::English), Some("Community"));
        assert_eq!(metric_title("community", Language::French), Some("Communauté"));
        assert_eq!(metric_title("altitude", Language::Spanish), None);
    }
}
