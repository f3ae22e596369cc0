"""Tests of the pipeline on tiny data: `python -m unittest test_pipeline` in this folder, a few seconds."""
from __future__ import annotations

import json
import random
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer, models

from embedded import shipped
from embedded.average import between
from embedded.batches import by_length, encode, encode_with_gradient
from embedded.code_pairs import code_candidates
from embedded.cosqa import load_beir
from embedded.distil import BATCH, batch_at, follow
from embedded.folders import TRAINING
from embedded.inherit import fill_fast_pairs, least_squares, ones, rotated_scores, slow_pairs
from embedded.model import NeoBert, NeoBertConfig, rotary_angles, rotate
from embedded.muon import Muon, orthogonalised
from embedded.candidates import Candidate
from embedded.python_pairs import code_fingerprint, python_candidates
from embedded.queries import queries_for
from embedded.sources import excluded, identify_licence, load_sources
from embedded.table import bags, install
from embedded.test_names import test_names, with_tests
from embedded.text import split_identifiers

GOLDEN = TRAINING.parent / "test" / "fixtures" / "neobert"
TINY = NeoBertConfig(hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=48,
                     vocab_size=50, max_length=64)
IDS = [[1, 2, 3], [4], [5, 6, 7, 8, 9, 10], [11, 12]]


class Preprocessing(unittest.TestCase):
    def test_identifiers_are_split_as_the_product_splits_them(self) -> None:
        for text, expected in {
            "getHTTPServer": "get HTTP Server",
            "get_http_server": "get http server",
            "readHTTPHeader_v2": "read HTTP Header v2",
            "__init__": " init ",
            "parseURL2JSON": "parse URL2 JSON",
            "ДанныхФайл": "Данных Файл",
            "HTTP": "HTTP",
            "plain words, 文件": "plain words, 文件",
            "": "",
        }.items():
            self.assertEqual(split_identifiers(text), expected)


class Inherited(unittest.TestCase):
    def test_the_one_is_a_direction_that_every_state_has_alike(self) -> None:
        torch.manual_seed(0)
        tokens = torch.randn(2000, 16)
        tokens[:, 3] = 2.0
        self.assertLess((tokens @ ones(tokens) - 1).abs().mean().item(), 0.05)

    def test_least_squares_finds_the_map(self) -> None:
        torch.manual_seed(0)
        inputs, wanted = torch.randn(500, 8), torch.randn(8, 5)
        self.assertTrue(torch.allclose(least_squares(inputs, inputs @ wanted, 1e-6), wanted, atol=1e-3))

    def test_slow_pairs_keep_the_product_of_queries_and_keys_that_fits(self) -> None:
        torch.manual_seed(0)
        tokens = torch.randn(4000, 16)
        query, key = torch.zeros(1, 8, 16), torch.zeros(1, 8, 16)
        query[0, :4], key[0, :4] = torch.randn(4, 16), torch.randn(4, 16)
        new_query, new_key = slow_pairs(query, key, tokens, 2)
        self.assertEqual(new_query[0, :4].abs().sum().item(), 0)
        self.assertTrue(torch.allclose(new_query[0].T @ new_key[0], query[0].T @ key[0], atol=1e-2))

    def test_fast_pairs_say_how_much_a_distance_is_liked(self) -> None:
        one = torch.zeros(16)
        one[0] = 1.0
        query, key = torch.zeros(1, 16, 16), torch.zeros(1, 16, 16)
        distance = torch.arange(255).float() - 127
        wanted = (0.7 * torch.cos(distance) - 0.4 * torch.sin(distance))[None]
        fill_fast_pairs(query, key, 4, one, (wanted, torch.full((255,), 2000.0)))
        state = one.expand(1, 20, 16)
        scores = rotated_scores(*(torch.einsum("bld,hsd->blhs", state, part) for part in (query, key)))[0, 0]
        place = torch.arange(20)
        expected = wanted[0, place[:, None] - place[None] + 127]
        error = (scores - scores.mean()) - (expected - expected.mean())
        self.assertLess(error.abs().max().item(), 0.1)


class Model(unittest.TestCase):
    def test_rotation_turns_interleaved_pairs(self) -> None:
        x = torch.randn(1, 5, 1, 4)
        turned = rotate(x, *rotary_angles(5, 4))
        for position in range(5):
            for pair, theta in enumerate((1.0, 0.01)):
                angle = torch.tensor(position * theta)
                a, b = x[0, position, 0, 2 * pair], x[0, position, 0, 2 * pair + 1]
                expected = torch.stack((a * angle.cos() - b * angle.sin(), a * angle.sin() + b * angle.cos()))
                torch.testing.assert_close(turned[0, position, 0, 2 * pair : 2 * pair + 2], expected)

    def test_states_equal_those_of_the_authors_code(self) -> None:
        for name in ("a", "b"):
            expected = json.loads((GOLDEN / name / "expected.json").read_text())
            fields = json.loads((GOLDEN / name / "config.json").read_text())
            model = NeoBert(NeoBertConfig(
                **{k: v for k, v in fields.items() if k in NeoBertConfig.__dataclass_fields__}))
            weights = load_file(GOLDEN / name / "model.safetensors")
            model.load_state_dict({key.removeprefix("model."): value for key, value in weights.items()})
            states: list[torch.Tensor] = []
            model.layer_norm.register_forward_hook(lambda _module, _inputs, output: states.append(output[0]))
            with torch.inference_mode():
                for row, ids in enumerate(expected["input_ids"]):
                    model(torch.tensor([ids]), torch.tensor([len(ids)]))
                    for key, found in (("mean", states[-1].mean(0)), ("cls", states[-1][0]),
                                       ("last_hidden_first3_tokens", states[-1][:3])):
                        torch.testing.assert_close(found, torch.tensor(expected[key][row]), atol=1e-4, rtol=0)

    def test_batches_do_not_change_a_vector(self) -> None:
        torch.manual_seed(0)
        model = NeoBert(TINY)
        alone = torch.cat([encode(model, [ids]) for ids in IDS])
        torch.testing.assert_close(encode(model, IDS), alone, atol=1e-5, rtol=0)
        torch.testing.assert_close(encode_with_gradient(model, IDS, tokens=8).detach(), alone, atol=1e-5, rtol=0)
        torch.testing.assert_close(alone.norm(dim=1), torch.ones(len(IDS)))

    def test_groups_keep_their_bound_and_every_text(self) -> None:
        groups = by_length(IDS, 6)
        self.assertEqual(sorted(i for group in groups for i in group), [0, 1, 2, 3])
        for group in groups:
            self.assertLessEqual(len(group) * max(len(IDS[i]) for i in group), 6)

    def test_an_installed_table_ranks_as_the_table(self) -> None:
        torch.manual_seed(0)
        table = torch.randn(50, 32) * torch.rand(50, 1)
        table *= (table[:, :-2].norm(dim=1).max() / 2 / table.norm(dim=1)).clamp_max(1)[:, None]
        table[:, -2:] = 0
        model = NeoBert(TINY)
        for layer in model.transformer_encoder:
            torch.nn.init.zeros_(layer.wo.weight)
            torch.nn.init.zeros_(layer.ffn.w3.weight)
        install(model, table)
        torch.testing.assert_close(encode(model, IDS), bags(table, IDS), atol=2e-2, rtol=0)


class Training(unittest.TestCase):
    def test_an_orthogonalised_matrix_keeps_its_directions_and_loses_its_scales(self) -> None:
        torch.manual_seed(0)
        for shape in ((12, 30), (30, 12)):
            values = torch.linalg.svdvals(orthogonalised(torch.randn(shape) * 100))
            self.assertTrue(bool(((values > 0.5) & (values < 1.3)).all()))

    def test_muon_goes_downhill(self) -> None:
        torch.manual_seed(0)
        target, weight = torch.randn(6, 9), torch.nn.Parameter(torch.zeros(6, 9))
        optimiser = Muon([weight], lr=0.1)
        before = float((weight - target).square().sum())
        for _ in range(20):
            optimiser.zero_grad()
            (weight - target).square().sum().backward()
            optimiser.step()
        self.assertLess(float((weight - target).detach().square().sum()), before / 2)

    def test_means_of_weights_lie_between_them(self) -> None:
        first, second = {"w": torch.zeros(3)}, {"w": torch.ones(3)}
        torch.testing.assert_close(between(first, second, 0.4)["w"], torch.full((3,), 0.4))
        mean, model = NeoBert(TINY), NeoBert(TINY)
        expected = 0.9 * mean.encoder.weight.detach() + 0.1 * model.encoder.weight.detach()
        follow(mean, model, 0.9)
        torch.testing.assert_close(mean.encoder.weight.detach(), expected)


class Shipped(unittest.TestCase):
    def test_quantisation_keeps_its_bounds(self) -> None:
        torch.manual_seed(0)
        weight = torch.randn(20, 30)
        weight[3] = 0
        for top in (shipped.LAYER_TOP, shipped.TABLE_TOP):
            values, scale = shipped.quantise(weight, top)
            self.assertEqual(int(values.abs().max()), top)
            error = (values.float() * scale[:, None] - weight).abs()
            self.assertTrue(bool((error <= scale[:, None] / 2 + 1e-6).all()))

    def test_a_written_model_is_read_back(self) -> None:
        torch.manual_seed(0)
        model = NeoBert(TINY)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            Tokenizer(models.WordPiece({"[UNK]": 0}, unk_token="[UNK]")).save(str(folder / "t.json"))
            shipped.write(folder, model, "tiny", folder / "t.json")
            again = shipped.read(folder)
        self.assertEqual(again.config, TINY)
        similarity = (encode(model, IDS) * encode(again, IDS)).sum(1)
        self.assertGreater(float(similarity.min()), 0.999)


class Data(unittest.TestCase):
    def test_every_listed_source_passes_the_rules(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            listed = Path(folder) / "list.txt"
            listed.write_text("nobody/nothing\n")
            self.assertGreater(len(load_sources(listed)), 0)

    def test_listed_repositories_and_their_forks_are_refused(self) -> None:
        listed = ["psf/requests", "sveltejs/svelte"]
        for repo in ("psf/requests", "PSF/Requests", "someone/requests"):
            self.assertTrue(excluded(repo, listed), repo)
        self.assertFalse(excluded("psf/requests-html", listed))

    def test_copyleft_is_named_before_what_it_mentions(self) -> None:
        self.assertEqual(identify_licence("licensed under the LGPLv3 ... Apache License, Version 2.0"), "LGPL-or-AGPL")
        self.assertEqual(identify_licence("Permission is hereby granted,\n free of charge, to"), "MIT")
        self.assertEqual(identify_licence("All rights reserved."), "unknown")

    def test_python_functions_come_with_and_without_their_docstring(self) -> None:
        source = 'def add(a, b):\n    """Add two small numbers."""\n    total = a + b\n    return total\n'
        (candidate,) = python_candidates(source, is_test=False)
        self.assertEqual((candidate.doc, candidate.name), ("Add two small numbers.", "add"))
        self.assertIn('"""', candidate.whole)
        self.assertNotIn('"""', candidate.body)
        self.assertEqual(list(python_candidates("def broken(:\n", is_test=False)), [])

    def test_an_evaluation_function_is_known_without_docstring_comments_and_layout(self) -> None:
        bare = code_fingerprint("def f(x):\n    return x + 1\n")
        same = code_fingerprint('    def f( x ):\n        "Adds one."\n        # a comment\n        return x+1\n')
        self.assertEqual(bare, same)
        self.assertNotEqual(bare, code_fingerprint("def f(x):\n    return x + 2\n"))

    def test_definitions_of_other_languages_bring_their_comment(self) -> None:
        source = ("// Retry calls f until it succeeds.\nfunc Retry(times int, f func() error) error {\n"
                  "\tvar last error\n\tfor i := 0; i < times; i++ {\n\t\tif last = f(); last == nil {\n"
                  "\t\t\treturn nil\n\t\t}\n\t}\n\treturn last\n}\n")
        (candidate,) = code_candidates(source, "go")
        self.assertEqual((candidate.doc, candidate.name), ("Retry calls f until it succeeds.", "Retry"))
        self.assertTrue(candidate.body.endswith("}"))

    def test_a_test_leads_to_the_function_that_its_name_begins_with(self) -> None:
        names = list(test_names("def test_parse_url_keeps_port(self):\n    pass\nfunc TestParseUrl(t *testing.T) {}\n"))
        self.assertEqual(names, ["test_parse_url_keeps_port", "TestParseUrl"])
        known = [Candidate("", "body", "body", "parseUrl", "go"), Candidate("", "other", "other", "parse", "go")]
        tested, other = with_tests(known, names)
        self.assertEqual((tested.tests, other.tests), (("test_parse_url_keeps_port",), ()))

    def test_an_error_message_becomes_a_query(self) -> None:
        body = 'def f(x):\n    raise ValueError(f"cannot open the file {x} for reading")\n'
        candidate = Candidate("", body, body, "open_it", "python")
        asked = [query for seed in range(20) for query in queries_for(candidate, random.Random(seed))]
        self.assertIn("cannot open the file for reading", asked)

    def test_an_epoch_visits_every_pair_once_and_can_be_entered_anywhere(self) -> None:
        links = np.stack([np.arange(2 * BATCH)] * 2, 1)
        epoch = np.concatenate([batch_at(step, links) for step in (0, 1)])
        self.assertEqual(sorted(epoch[:, 0]), list(range(2 * BATCH)))
        self.assertTrue((batch_at(1, links) == batch_at(1, links)).all())
        self.assertFalse((batch_at(0, links) == batch_at(2, links)).all())

    def test_beir_folders_are_read_with_their_relevant_documents(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "qrels").mkdir()
            (folder / "corpus.jsonl").write_text('{"_id": "d1", "title": "T", "text": "x"}\n')
            (folder / "queries.jsonl").write_text('{"_id": "q1", "text": "q"}\n{"_id": "q2", "text": "r"}\n')
            (folder / "qrels" / "dev.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td1\t0\n")
            dataset = load_beir(folder, "dev")
        self.assertEqual((dataset.documents, dataset.queries, dataset.relevant), (["T\nx"], ["q"], [frozenset({0})]))


if __name__ == "__main__":
    unittest.main()
