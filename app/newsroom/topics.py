"""What the newsroom writes about: one table of phrases a topic.

Constants only. `measures` and `goals` are verb phrases without tense, `problems` and `indexes` noun phrases, `things`,
`people` and `spots` can be counted, so that every skeleton of `tinsach.app.newsroom.text` takes any of them.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """The vocabulary of one topic; tuples of phrases in lower case unless a name opens them."""

    name: str
    orgs: tuple[str, ...]
    events: tuple[str, ...]
    measures: tuple[str, ...]
    goals: tuple[str, ...]
    problems: tuple[str, ...]
    things: tuple[str, ...]
    people: tuple[str, ...]
    spots: tuple[str, ...]
    indexes: tuple[str, ...]
    tags: tuple[str, ...]


def _parse_topic(name: str, table: str) -> Topic:
    """The topic of a table `key: phrase; phrase; …`, other lines going on with the last key."""
    lists = re.split(r"^(\w+):", table.strip(), flags=re.MULTILINE)[1:]
    phrases = [tuple(" ".join(part.split()) for part in text.split(";")) for text in lists[1::2]]
    return Topic(name, **dict(zip(lists[::2], phrases, strict=True)))


EDUCATION = _parse_topic(
    "education",
    """
orgs: Sở Giáo dục và Đào tạo; Trường Phổ thông dân tộc bán trú; Hội Khuyến học; Trung tâm Giáo dục thường xuyên; Quỹ
  Bảo trợ trẻ em
events: chương trình Sách về bản; ngày hội Khoa học trẻ; tuần lễ Học tập suốt đời; lớp học số liên trường; cuộc thi
  Tiếng Việt của em; dự án Bữa trưa ấm
measures: lắp thêm phòng máy tính cho các điểm trường lẻ; bồi dưỡng giáo viên tiếng Anh qua mạng; mở thư viện lưu
  động; miễn tiền ăn bán trú trong học kỳ II; rà soát sách giáo khoa cũ để tặng lại; đưa nhạc cụ dân tộc vào giờ ngoại
  khóa; dạy bơi miễn phí trong dịp hè; xây nhà công vụ cho giáo viên cắm bản; thí điểm hồ sơ học bạ số
goals: giữ học sinh ở lại lớp trong mùa giáp hạt; thu hẹp khoảng cách giữa các vùng; giảm số giờ dạy chay; giúp phụ
  huynh theo dõi việc học của con; chuẩn bị cho kỳ tuyển sinh lớp 10; nâng chất lượng bữa ăn học đường
problems: tình trạng thiếu giáo viên tin học; đường đến trường bị chia cắt trong mùa mưa; thiết bị thí nghiệm đã xuống
  cấp; sĩ số lớp ở khu công nghiệp tăng nhanh; chi phí đi lại của học sinh nội trú; việc học thêm tràn lan
things: phòng học bộ môn; bộ sách giáo khoa; máy tính bảng; suất học bổng; bộ bàn ghế; đầu sách thiếu nhi; bộ đồ dùng
  thí nghiệm
people: học sinh bán trú; giáo viên cắm bản; phụ huynh; sinh viên tình nguyện; trẻ mầm non; học viên xóa mù chữ
spots: điểm trường lẻ; trường trung học cơ sở; cụm dân cư; trường mầm non; lớp ghép
indexes: tỷ lệ chuyên cần; tỷ lệ học sinh lên lớp đúng tuổi; số giờ thực hành; tỷ lệ trường đạt chuẩn; số lượt mượn
  sách
tags: giáo dục; học bổng; tuyển sinh; giáo viên vùng cao; sách giáo khoa; trường học; khuyến học; chuyển đổi số trong
  giáo dục
""",
)

HEALTH = _parse_topic(
    "health",
    """
orgs: Sở Y tế; Bệnh viện Đa khoa; Trung tâm Kiểm soát bệnh tật; Hội Chữ thập đỏ; Trạm Y tế lưu động
events: chiến dịch tiêm chủng bù; chương trình Khám bệnh cuối tuần; tuần lễ Dinh dưỡng và phát triển; ngày hội Giọt
  hồng; đề án Bác sĩ gia đình; đợt khám sàng lọc tim bẩm sinh
measures: đưa máy siêu âm xách tay về trạm y tế; lập hồ sơ sức khỏe điện tử cho người cao tuổi; tăng ca trực cấp cứu
  ban đêm; tập huấn sơ cứu cho đội dân phòng; phun hóa chất diệt muỗi theo cụm; chuyển mẫu xét nghiệm bằng xe máy
  lạnh; mở phòng tư vấn tâm lý học đường; khám bảo hiểm y tế ngoài giờ
goals: phát hiện sớm bệnh không lây nhiễm; giảm tải cho tuyến trên; rút ngắn thời gian chờ khám; ngăn dịch sốt xuất
  huyết lan rộng; chăm sóc người già neo đơn; bảo đảm đủ vaccine cho trẻ dưới một tuổi
problems: tình trạng thiếu bác sĩ ở tuyến cơ sở; thuốc đặc trị phải chờ đấu thầu; nhiều người bỏ dở phác đồ điều trị;
  thiết bị chẩn đoán đã quá hạn; thói quen tự mua thuốc; quãng đường chuyển viện quá xa
things: giường bệnh; liều vaccine; đơn vị máu; xe cứu thương; bộ xét nghiệm nhanh; tủ bảo quản lạnh; suất ăn dinh
  dưỡng
people: người cao tuổi; bệnh nhân tiểu đường; nhân viên y tế thôn bản; thai phụ; tình nguyện viên; trẻ suy dinh dưỡng
spots: trạm y tế; tổ dân phố; khu nhà trọ; phòng khám khu vực; điểm tiêm lưu động
indexes: tỷ lệ bao phủ bảo hiểm y tế; số ca mắc mới; tỷ lệ tiêm đủ mũi; thời gian chờ khám trung bình; tỷ lệ hài lòng
  của người bệnh
tags: y tế; tiêm chủng; bảo hiểm y tế; sốt xuất huyết; hiến máu; bệnh viện; sức khỏe cộng đồng; dinh dưỡng
""",
)

TRANSPORT = _parse_topic(
    "transport",
    """
orgs: Sở Xây dựng; Ban Quản lý dự án giao thông; Phòng Cảnh sát giao thông; Cảng vụ Đường thủy nội địa; Công ty Quản
  lý đường bộ
events: dự án đường nối hai cao tốc; đợt cao điểm kiểm soát tải trọng; tuyến xe buýt điện số 7; công trình cầu dân
  sinh; phương án phân luồng dịp lễ; kế hoạch nạo vét luồng lạch
measures: thông xe đoạn tuyến đầu tiên trước mùa mưa; lắp đèn chiếu sáng ở các khúc cua; xóa các lối đi tự mở qua
  đường sắt; mở làn riêng cho xe buýt; bù giá vé tàu cho học sinh; sửa mặt cầu bị lún; đặt trạm cân lưu động; cắm biển
  báo phản quang trên đường đèo
goals: giảm ùn tắc ở cửa ngõ phía đông; xóa điểm đen tai nạn; nối vùng nguyên liệu với cảng; rút ngắn giờ đi lại của
  công nhân; bảo vệ kết cấu mặt đường; bảo đảm an toàn cho đò ngang
problems: giá vật liệu san lấp tăng cao; mặt bằng bàn giao kiểu xôi đỗ; nền đường yếu ven sông; xe quá tải chạy vòng
  đường tránh; thiếu bãi đỗ ở trung tâm; phao tiêu bị trôi sau lũ
things: cầu dân sinh; biển báo phản quang; xe buýt điện; khối bê tông; trạm sạc; phao cứu sinh; camera giám sát
people: tài xế đường dài; công nhân cầu đường; chủ đò; hành khách; hộ dân nhường đất; kỹ sư giám sát
spots: nút giao; bến khách ngang sông; đoạn đèo; lối đi tự mở; gói thầu
indexes: khối lượng thi công; số vụ tai nạn; lượng hành khách; tỷ lệ giải ngân; tốc độ lưu thông trung bình
tags: giao thông; cao tốc; xe buýt điện; an toàn giao thông; giải phóng mặt bằng; đường thủy; cầu dân sinh; hạ tầng
""",
)

FARMING = _parse_topic(
    "farming",
    """
orgs: Sở Nông nghiệp và Môi trường; Hợp tác xã Dịch vụ nông nghiệp; Trung tâm Khuyến nông; Hội Nông dân; Chi cục Chăn
  nuôi và Thú y
events: mô hình lúa giảm phát thải; phiên chợ nông sản sạch; vụ sầu riêng trái mùa; đề án vùng nguyên liệu dược liệu;
  dự án nuôi tôm hai giai đoạn; lễ mở cửa rừng quế
measures: chuyển đất lúa kém hiệu quả sang trồng sen; cấp mã số vùng trồng cho hộ nhỏ; gom rơm rạ làm phân hữu cơ; đưa
  máy cấy thuê về từng cánh đồng; nuôi cá xen trong ruộng trũng; bán hàng qua phiên livestream cuối tuần; bảo hiểm đàn
  bò cho hộ cận nghèo; ươm lại giống chè cổ thụ
goals: giảm lượng phân hóa học; giữ giá bán ổn định sau thu hoạch; có đầu ra ngay từ đầu vụ; thích ứng với hạn mặn;
  giữ lao động trẻ ở lại làng; đạt chuẩn xuất khẩu chính ngạch
problems: xâm nhập mặn đến sớm; thương lái ép giá lúc rộ vụ; dịch bệnh trên đàn lợn; giá thức ăn chăn nuôi leo thang;
  kho lạnh còn quá ít; nguồn giống trôi nổi
things: tấn nông sản; cây giống; héc-ta lúa; lồng bè; máy cấy; con bò sinh sản; máy sục khí
people: hộ trồng chè; xã viên; nông dân trẻ; chủ trang trại; hộ cận nghèo; kỹ sư khuyến nông
spots: cánh đồng lớn; hợp tác xã; bản vùng cao; ao nuôi; vườn mẫu
indexes: năng suất bình quân; giá thu mua tại ruộng; diện tích gieo cấy; thu nhập của mỗi hộ; lượng nước tưới
tags: nông nghiệp; lúa gạo; sầu riêng; OCOP; hạn mặn; hợp tác xã; chăn nuôi; nông thôn mới
""",
)

ENVIRONMENT = _parse_topic(
    "environment",
    """
orgs: Chi cục Bảo vệ môi trường; Ban Quản lý khu bảo tồn thiên nhiên; Đài Khí tượng Thủy văn; Hạt Kiểm lâm; Công ty
  Môi trường đô thị
events: chiến dịch Làm sạch bãi biển; chương trình Một triệu cây bản địa; đợt thả rùa biển; kế hoạch phân loại rác tại
  nguồn; dự án phục hồi rừng ngập mặn; tuần lễ Giảm nhựa một lần
measures: đặt bẫy ảnh theo dõi thú hoang; thu phí rác theo khối lượng; trồng bần chua chắn sóng; đóng cửa bãi rác tạm
  ven sông; lắp trạm quan trắc nước mặt; đổi chai nhựa lấy cây xanh; cứu hộ động vật bị mắc bẫy; di dời hộ dân khỏi
  sườn đồi nứt
goals: giữ vành đai xanh ven biển; giảm lượng rác chôn lấp; cảnh báo sạt lở sớm hơn; bảo vệ đàn voọc quý hiếm; trả lại
  dòng chảy cho kênh; bảo đảm nước sinh hoạt mùa khô
problems: sạt lở ăn sâu vào khu dân cư; rác thải từ lồng bè; cháy rừng trong đợt nắng nóng; nước thải chưa qua xử lý;
  tình trạng săn bắt bằng bẫy dây; hạn hán kéo dài
things: cây bản địa; trạm quan trắc; tấn rác thải; thùng phân loại; bẫy ảnh; mét kè mềm; bể chứa nước
people: kiểm lâm viên; hộ dân ven sông; ngư dân; đoàn viên thanh niên; nhà khoa học; hộ nhận khoán rừng
spots: bãi bồi; tiểu khu rừng; xóm ven sông; điểm sạt lở; khu dân cư mẫu
indexes: tỷ lệ che phủ rừng; lượng mưa; tỷ lệ rác được phân loại; mực nước hồ chứa; nồng độ bụi mịn
tags: môi trường; rác thải; sạt lở; rừng ngập mặn; biến đổi khí hậu; trồng rừng; động vật hoang dã; nước sạch
""",
)

CULTURE = _parse_topic(
    "culture",
    """
orgs: Sở Văn hóa, Thể thao và Du lịch; Bảo tàng; Nhà hát Nghệ thuật truyền thống; Ban Quản lý di tích; Hội Văn học
  Nghệ thuật
events: lễ hội Mùa nước nổi; liên hoan Đàn và hát dân ca; triển lãm Ký ức phố; tuần lễ Áo dài và lụa; trại sáng tác
  điêu khắc; phiên chợ đêm làng nghề
measures: số hóa kho sắc phong cổ; dạy hát then cho học sinh; tu bổ ngôi đình ba trăm năm; mở tour đêm trong thành cổ;
  sưu tầm hoa văn thổ cẩm; mời nghệ nhân đứng lớp cuối tuần; phục dựng nghi lễ cầu mưa; in song ngữ tập truyện cổ
goals: truyền nghề cho lớp trẻ; giữ nguyên nếp nhà sàn; kéo dài ngày lưu trú của du khách; đưa di sản đến gần trường
  học; có thêm nguồn thu cho làng nghề; trả lại vẻ đẹp của phố cũ
problems: nghệ nhân cao tuổi ngày một ít; mối mọt trong các cấu kiện gỗ; nạn chèo kéo khách; hàng nhái tràn vào chợ;
  kinh phí trùng tu nhỏ giọt; việc sân khấu hóa quá mức
things: hiện vật; tư liệu cổ; tiết mục; gian hàng làng nghề; bức ảnh tư liệu; phòng nghỉ cộng đồng; bộ trang phục
people: nghệ nhân; du khách; diễn viên trẻ; thợ dệt; hướng dẫn viên; nhà nghiên cứu
spots: làng nghề; điểm di tích; nhà văn hóa thôn; không gian trưng bày; bản du lịch cộng đồng
indexes: lượng khách lưu trú; doanh thu du lịch; số đêm diễn; lượt tham quan; tỷ lệ khách quay lại
tags: văn hóa; di sản; làng nghề; lễ hội; du lịch cộng đồng; bảo tàng; hát then; áo dài
""",
)

ECONOMY = _parse_topic(
    "economy",
    """
orgs: Sở Tài chính; Ban Quản lý các khu công nghiệp; Hiệp hội Doanh nghiệp; Chi cục Thuế; Trung tâm Xúc tiến đầu tư
events: hội chợ Hàng Việt cuối năm; diễn đàn Doanh nghiệp trẻ; gói tín dụng nhà ở cho công nhân; tháng khuyến mại tập
  trung; đề án kinh tế đêm; hội nghị kết nối cung cầu
measures: cắt giảm một phần ba thủ tục cấp phép; giãn tiền thuê đất cho xưởng nhỏ; mở cổng đăng ký kinh doanh một
  chạm; cho vay theo chuỗi liên kết; lập tổ gỡ vướng cho dự án chậm; hỗ trợ hộ kinh doanh dùng hóa đơn điện tử; đưa
  hàng về chợ vùng sâu; giới thiệu việc làm theo phiên trực tuyến
goals: đạt mục tiêu tăng trưởng hai con số; giữ đơn hàng cho quý tới; kéo giảm chi phí logistics; tạo việc làm tại
  chỗ; minh bạch nguồn thu; kích cầu mua sắm cuối năm
problems: đơn hàng xuất khẩu sụt giảm; chi phí vốn còn cao; công nhân nghỉ việc sau Tết; thủ tục chồng chéo; hàng giả
  trên sàn trực tuyến; nguồn điện chưa ổn định
things: dự án đầu tư; hợp đồng; gian hàng; việc làm mới; căn nhà ở xã hội; container hàng; khoản vay ưu đãi
people: chủ doanh nghiệp; công nhân; hộ kinh doanh; nhà đầu tư; tiểu thương; lao động phổ thông
spots: khu công nghiệp; chợ truyền thống; cụm công nghiệp; siêu thị; kho ngoại quan
indexes: kim ngạch xuất khẩu; tổng mức bán lẻ; chỉ số sản xuất công nghiệp; số doanh nghiệp thành lập mới; thu ngân
  sách
tags: kinh tế; xuất khẩu; khu công nghiệp; tín dụng; nhà ở xã hội; bán lẻ; hóa đơn điện tử; đầu tư
""",
)

TECHNOLOGY = _parse_topic(
    "technology",
    """
orgs: Sở Khoa học và Công nghệ; Viện Nghiên cứu vật liệu; Trung tâm Đổi mới sáng tạo; Công ty Công nghệ số; Câu lạc bộ
  Robot trẻ
events: cuộc thi Robot đồng ruộng; ngày hội Dữ liệu mở; chương trình Ươm tạo khởi nghiệp; dự án vệ tinh cỡ nhỏ; hội
  thảo An toàn thông tin; trạm phát sóng vùng lõm
measures: huấn luyện mô hình nhận dạng giọng nói địa phương; chế tạo pin từ vỏ trấu; gắn cảm biến lên tàu cá; mở phòng
  thí nghiệm dùng chung; số hóa sổ hộ tịch; phủ sóng 5G cho khu công nghiệp; kiểm thử xe tự hành trong khuôn viên; trả
  kết quả thủ tục qua ứng dụng
goals: làm chủ công nghệ lõi; giúp người cao tuổi dùng dịch vụ số; giảm giá thành thiết bị; bảo vệ dữ liệu cá nhân;
  nối nhà trường với doanh nghiệp; cảnh báo cháy sớm
problems: các vụ lừa đảo qua điện thoại; thiếu kỹ sư thiết kế vi mạch; dữ liệu nằm rải rác; vùng lõm sóng ở biên giới;
  linh kiện phải nhập khẩu; hệ thống cũ không nói chuyện được với nhau
things: thiết bị cảm biến; bằng sáng chế; trạm phát sóng; mẫu thử; tài khoản định danh; robot; bộ dữ liệu
people: kỹ sư trẻ; nhà sáng chế; lập trình viên; thành viên tổ công nghệ số; nghiên cứu sinh; người dùng
spots: phòng thí nghiệm; vườn ươm; khu công nghệ; bưu điện xã; điểm hỗ trợ dịch vụ công
indexes: tỷ lệ hồ sơ trực tuyến; số đơn đăng ký sáng chế; tốc độ truy cập; độ chính xác của mô hình; tỷ lệ phủ sóng
tags: công nghệ; trí tuệ nhân tạo; khởi nghiệp; 5G; an toàn thông tin; robot; chuyển đổi số; vệ tinh
""",
)

DIPLOMACY = _parse_topic(
    "diplomacy",
    """
orgs: Sở Ngoại vụ; Liên hiệp các tổ chức hữu nghị; Phòng Thương mại Việt Nam-châu Âu; Hội Hữu nghị Việt Nam-{country};
  Văn phòng hợp tác {country}
events: diễn đàn Hợp tác địa phương; tuần lễ Văn hóa Việt Nam tại {country}; hội nghị các đô thị kết nghĩa; chương
  trình Tiếng Việt ở nước ngoài; giải chạy Hữu nghị; phiên đối thoại về nước sạch
measures: ký bản ghi nhớ về đào tạo điều dưỡng; mở lớp tiếng Việt cho con em kiều bào; trao đổi chuyên gia phòng chống
  lũ; đón đoàn doanh nghiệp {country} khảo sát cảng; kết nghĩa với một thành phố ven biển của {country}; lập đường dây
  nóng cho lao động ở {country}; lai giống lúa chịu mặn; miễn thị thực cho nghệ sĩ lưu diễn
goals: mở thêm cửa cho nông sản; bảo vệ quyền lợi người lao động; học kinh nghiệm ứng phó thiên tai; giữ tiếng mẹ đẻ
  trong cộng đồng; tăng giao lưu giữa thanh niên hai nước; thu hút vốn xanh
problems: rào cản kỹ thuật mới; chênh lệch múi giờ khi làm việc; chi phí vận chuyển đường biển; thiếu phiên dịch
  chuyên ngành; thủ tục công nhận bằng cấp; biến động tỷ giá
things: bản ghi nhớ; suất học bổng; chuyến bay thẳng; dự án hợp tác; đầu sách song ngữ; gian hàng; khóa đào tạo
people: kiều bào; thực tập sinh; chuyên gia; lưu học sinh; đại biểu; nhà ngoại giao trẻ
spots: thành phố kết nghĩa; trung tâm văn hóa; cảng biển; trường đối tác; khu vực hợp tác
indexes: kim ngạch hai chiều; số lưu học sinh; lượng khách quốc tế; vốn cam kết; số dự án chung
tags: ngoại giao; hợp tác quốc tế; kiều bào; kết nghĩa; tiếng Việt; {country}; hữu nghị; lao động ngoài nước
""",
)

DEFENCE = _parse_topic(
    "defence",
    """
orgs: Bộ Chỉ huy quân sự; Ban Chỉ huy Bộ đội Biên phòng; Lữ đoàn Công binh; Trung đoàn Bộ binh; Vùng Hải quân
events: hội thao Quân sự địa phương; lễ tuyên thệ chiến sĩ mới; chương trình Xuân biên cương; diễn tập phòng thủ dân
  sự; phong trào Bếp ăn kiểu mẫu; đợt hành quân dã ngoại
measures: tuần tra chung với lực lượng bạn; giúp dân dựng lại nhà sau lũ; huấn luyện bắn đạn thật ban đêm; dạy chữ cho
  phụ nữ ở bản giáp biên; cấp nước ngọt cho đảo nhỏ; rà phá bom mìn còn sót lại; khám bệnh cho đồng bào vùng sâu; kiểm
  tra kho xăng dầu theo quy trình mới
goals: giữ vững sự bình yên nơi biên giới; rèn sức bền cho chiến sĩ mới; thắt chặt tình quân dân; sẵn sàng ứng cứu
  thiên tai; giữ nghiêm kỷ luật huấn luyện; bảo đảm hậu cần dài ngày
problems: địa hình dốc và sương mù dày; sóng lớn trong mùa gió chướng; đường tuần tra bị sạt; nguồn nước ngọt khan
  hiếm; nhà tạm của dân dễ cháy; vật cản nổ dưới lòng sông
things: ngày công; suất quà; phương tiện; bể nước; khẩu phần hậu cần; quả đạn huấn luyện; căn nhà đồng đội
people: chiến sĩ mới; dân quân; quân nhân dự bị; cán bộ đồn; học viên; hộ dân giáp biên
spots: chốt tuần tra; thao trường; đảo nhỏ; bản giáp biên; kho kỹ thuật
indexes: kết quả bắn khá, giỏi; quân số khỏe; tỷ lệ hoàn thành giáo án; sản lượng rau xanh tăng gia; số giờ bay huấn
  luyện
tags: quốc phòng; bộ đội biên phòng; chiến sĩ mới; dân vận; huấn luyện; hải quân; phòng thủ dân sự; hậu cần quân đội
""",
)

COMMUNITY = _parse_topic(
    "community",
    """
orgs: Ủy ban Mặt trận Tổ quốc; Hội Liên hiệp Phụ nữ; Tỉnh đoàn; Hội Cựu chiến binh; Trung tâm Bảo trợ xã hội
events: chương trình Mái ấm mùa mưa; phong trào Bữa cơm không đồng; tháng cao điểm Xóa nhà tạm; ngày hội Đại đoàn kết;
  cuộc vận động Áo ấm cho em; đề án Làng sinh thái của người khuyết tật
measures: góp công dựng nhà cho hộ đơn thân; đỡ đầu trẻ mồ côi đến hết lớp 12; mở quầy hàng giá không đồng; dạy nghề
  may cho phụ nữ khuyết tật; đổi giờ trả lương hưu về gần nhà; lập tổ hòa giải liên thôn; tặng xe lăn tự chế; sửa
  giếng chung của bản
goals: xóa căn nhà tạm cuối cùng; không để ai bị bỏ lại phía sau; giảm mâu thuẫn đất đai; giúp người khuyết tật tự đi
  chợ; giữ nếp giúp nhau ngày mùa; đưa trẻ trở lại trường
problems: nhiều hộ chưa có đất ở hợp pháp; nguồn quyên góp thất thường; người trẻ rời làng đi làm xa; tệ nạn tín dụng
  đen; đường thôn lầy lội; danh sách hỗ trợ còn trùng lặp
things: căn nhà mới; chiếc xe lăn; phần quà; chiếc áo ấm; con giống; giếng nước; sổ tiết kiệm
people: hộ nghèo; trẻ mồ côi; người khuyết tật; phụ nữ đơn thân; mạnh thường quân; hội viên
spots: tổ dân phố; bản tái định cư; xóm chài; chi hội; khu nhà trọ
indexes: tỷ lệ hộ nghèo; số ngày công đóng góp; nguồn quỹ vận động; số vụ hòa giải thành; số hộ thoát nghèo
tags: an sinh xã hội; xóa nhà tạm; người khuyết tật; từ thiện; đại đoàn kết; phụ nữ; trẻ mồ côi; hộ nghèo
""",
)

SPORT = _parse_topic(
    "sport",
    """
orgs: Liên đoàn Bóng bàn; Trung tâm Huấn luyện thể thao; Câu lạc bộ Điền kinh; Ban tổ chức giải; Trường Năng khiếu thể
  thao
events: giải bán marathon Đường ven biển; giải bóng chuyền Cúp Mùa xuân; vòng loại bóng đá học đường; hội vật đầu năm;
  giải cờ tướng đồng đội; chặng đua xe đạp leo đèo
measures: tập thể lực trên cát ba tuần liền; thay nửa đội hình bằng cầu thủ trẻ; mời chuyên gia phục hồi chấn thương;
  mở sân tập miễn phí buổi sáng; chấm điểm bằng thẻ điện tử; đưa đô vật nữ vào thi đấu chính thức; ghi hình từng đường
  bóng để phân tích; kéo dài giờ khởi động
goals: giành vé vào vòng chung kết; giữ sức cho lượt về; tìm gương mặt mới; đưa phong trào về từng trường; phá kỷ lục
  của giải; tránh chấn thương cuối mùa
problems: mặt sân trơn sau cơn mưa; lịch thi đấu quá dày; hàng thủ mắc lỗi vị trí; thiếu huấn luyện viên thể lực; gió
  ngược ở chặng cuối; kinh phí tập huấn eo hẹp
things: huy chương; suất vé; đôi giày chạy; chiếc cúp; bộ dụng cụ; áo thi đấu
people: vận động viên trẻ; cổ động viên; trọng tài; học sinh năng khiếu; huấn luyện viên; tay đua
spots: sân tập; chặng đua; nhà thi đấu; câu lạc bộ; điểm tiếp nước
indexes: tỷ lệ giao bóng ăn điểm; thành tích trung bình; số người dự giải; tốc độ chặng cuối; lượng khán giả
tags: thể thao; marathon; bóng chuyền; điền kinh; bóng đá học đường; xe đạp; huy chương; đô vật
""",
)
